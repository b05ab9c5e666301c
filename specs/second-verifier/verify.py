#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second verifier of a published election record, written from specs/*.md and vectors/.

    python3 verify.py RECORD [--key VKEY] [--witness VKEY ...] [--seen CHECKPOINT] [--json]

RECORD is a folder, or that folder as one zip. Exit status: 0 the record holds, 2 it does not, 3 it cannot be read.
Python 3.9 or later and its standard library, nothing else. A check of the election that fails leaves the status 0.
"""
import argparse, collections, json, pathlib, sys, zipfile
from log import LARGEST, Fault, checkpoint_of, from_canonical, note_of, sha256, verifier_key
from draw import draw_again
from record import BODIES, list_of, members, text, verify_record


def files_of(path):
    """The record's files by path; of a zip, without the one folder that may stand before all of them."""
    if not zipfile.is_zipfile(path):
        if not path.is_dir():
            raise OSError(f'{path} is neither a folder nor a zip')
        return {f.relative_to(path).as_posix(): f.read_bytes() for f in path.rglob('*') if f.is_file()}
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith('/')}
    folders = {name.partition('/')[0] for name in files}
    return files if 'checkpoint' in files or len(folders) > 1 else {n.partition('/')[2]: b for n, b in files.items()}


# ---- Folding and tables: record.md section 6, formats.md section 6

COUNTS = ['ballots', 'undervotes', 'overvotes', 'votes for choices', 'other votes']
is_table = members({'columns': list_of(text), 'rows': list_of(lambda row: isinstance(row, list))})


def folded(entries, bodies, tell):
    """The bodies that stand: the last correction's, where it has the shape of what it replaces."""
    standing = dict(bodies)
    for position, body in bodies.items():
        act = entries[position]['act']
        if act['kind'] != 'correction' or 'replacement' not in body:
            continue
        for p in act['about'].get('entries', []):
            kind = entries[p]['act']['kind'] if p < position and p in entries else None
            if kind and BODIES[kind](body['replacement']):
                standing[p] = body['replacement']
            elif kind:
                tell('replacement-of-another-shape', f'bodies/{position}.json', kind)
    return standing


def table_of(files, body, titles, texts, most=LARGEST, absent=()):
    """The rows of a body's table, or None: `texts` cells of text, then counts; null in the columns `absent`."""
    try:
        table = from_canonical(files['files/' + body['table']['sha256']])
    except (KeyError, ValueError):
        return None
    if not is_table(table) or table['columns'] not in titles:
        return None
    texts += table['columns'][1:2] == ['unit']
    for row in table['rows']:
        good = [text(c) if i < texts else c is None and i in absent or type(c) is int and 0 <= c <= most
                for i, c in enumerate(row)]  # fmt: skip
        if not all(good) or len(row) != len(table['columns']):
            return None
    return table['rows']


def sums(rows, width):
    return [sum(row[i - width] for row in rows) for i in range(width)]


# ---- The counts, and the checks of checks.md that are arithmetic alone


class Counts:
    """What a record says of one contest, by jurisdiction and choice."""

    def __init__(self, contest):
        self.contest, self.results, self.stated, self.certified = contest, None, None, False
        self.hand, self.entries, self.ballots, self.batches = {}, [], {}, 0
        self.audited, self.names = None, collections.defaultdict(list)


def counts_of(files, entries, bodies, tell):
    def unreadable(body):  # a missing or changed file is a fault already
        path = f'files/{body["table"]["sha256"]}'
        if path in files and sha256(files[path]).hex() == body['table']['sha256']:
            tell('table-unreadable', path)

    contests = {c['id']: Counts(c) for c in bodies[0]['election']['contests']}
    for position, body in bodies.items():
        act, counts = entries[position]['act'], contests.get(body.get('contest'))
        if act['kind'] == 'file received':
            for name, audited in stated_by_audit(body.get('states', {})):
                for c in contests.values():
                    c.audited = audited if c.contest['name'] == name else c.audited
        if counts is None:
            continue
        if act['kind'] == 'results reported':
            tail, choices = ['vote type', *body['choices']], len(body['choices'])
            rows = table_of(files, body, [['jurisdiction', *tail], ['jurisdiction', 'unit', *tail]], 2)
            if rows is None:
                unreadable(body)
                continue
            if counts.certified and body['status'] != 'certified':
                continue
            counts.certified = body['status'] == 'certified'
            counts.choices, counts.stated, counts.totals = body['choices'], body.get('statedTotals'), sums(rows, choices)
            counts.results = collections.defaultdict(collections.Counter)
            for row in rows:
                counts.results[row[0]].update(dict(zip(body['choices'], row[-choices:])))
        if act['kind'] == 'hand count reported':
            ranking = lambda c: 'ranking ' + '>'.join('='.join(rank) for rank in c['ranks'])
            titles = [ranking(c) if c['kind'] == 'ranking' else c.get('choice', c['kind']) for c in body['columns']]
            rows = table_of(files, body, [['batch', 'type', *titles]], 2, 2**32 - 1)
            place = act['about'].get('jurisdiction')
            if rows is None or place is None:
                tell('no-jurisdiction', position) if place is None else unreadable(body)
                continue
            added = sums(rows, len(titles))
            counts.hand.setdefault(place, collections.Counter()).update(dict(zip(titles, added)))
            counts.entries.append(added == body['totals'])
            counts.batches += body['batches']
            if body['granularity'] == 'batch':
                counts.names[place] += [row[0] for row in rows]
        if act['kind'] == 'counts reported':
            rows = table_of(files, body, [['jurisdiction', *COUNTS]], 1, absent=(2, 3, 4, 5))
            if rows is None:
                unreadable(body)
            counts.ballots = {row[0]: row[1] for row in rows or []}
    return list(contests.values())


def stated_by_audit(states):
    """Of each contest, by name, what an audit report states as the sum of all batches, by name."""
    for of_round in states.get('rounds', [])[-1:]:
        yield of_round['contest'], {a['name']: a['votes'] for a in of_round['audited']}


def order(counter):
    return sorted(counter, key=lambda choice: -counter[choice])


def findings(counts, jurisdictions):
    """(check, word, figures) for each check that can be made."""
    said = lambda check, holds, **figures: found.append((check, 'holds' if holds else 'fails', figures))
    found, hand, results = [], counts.hand, counts.results
    if counts.entries:
        said('county-totals-add-up', all(counts.entries), entries=len(counts.entries))
        said('every-jurisdiction-counted', hand.keys() >= set(jurisdictions), counted=len(hand), jurisdictions=len(jurisdictions))
    if counts.audited and hand:
        by_hand = sum(hand.values(), collections.Counter())
        names = {c['name']: c['id'] for c in counts.contest['choices']}
        differing = [n for n, votes in counts.audited.items() if n in names and by_hand[names[n]] != votes]
        said('batches-add-up', not differing, batches=counts.batches, differing=len(differing))
    if counts.stated:
        said('results-add-up', counts.stated == counts.totals, jurisdictions=len(results), choices=len(counts.choices))
    if counts.names:
        for check, fold in ('batch-names-exact', str), ('batch-names-folded', lambda name: name.strip().lower()):
            repeated = [n for names in counts.names.values() for n in collections.Counter(map(fold, names)).values() if n > 1]
            said(check, not repeated, found=len(repeated), batches=counts.batches)
    if counts.ballots and hand:
        cards = {j: sum(hand[j].values()) - counts.ballots[j] for j in hand if j in counts.ballots}
        said('hand-counted-cards', not any(cards.values()), net=sum(cards.values()),
             gross=sum(map(abs, cards.values())), units=sum(map(bool, cards.values())))  # fmt: skip
    if not hand or not results or counts.contest['rule'] != {'kind': 'plurality', 'voteFor': 1, 'winners': 1}:
        return found
    reported, by_hand = dict(zip(counts.choices, counts.totals)), {c: sum(h[c] for h in hand.values()) for c in counts.choices}
    first, second = order(reported)[:2]
    margin, hand_order = reported[first] - reported[second], order(by_hand)
    said('same-winner', hand_order[0] == first, winner=hand_order[0], reportedMargin=margin,
         handMargin=by_hand[hand_order[0]] - by_hand[hand_order[1]])  # fmt: skip
    places = sorted(results.keys() & hand.keys())
    differences = [hand[j][c] - results[j][c] for j in places for c in counts.choices]
    units = sum(any(hand[j][c] != results[j][c] for c in counts.choices) for j in places)
    said('equal-counts', units == 0, net=sum(differences), gross=sum(map(abs, differences)), units=units)
    changes = {j: abs(hand[j][first] - hand[j][second] - results[j][first] + results[j][second]) for j in places}
    said('differences-below-margin', sum(changes.values()) < margin, grossMargin=sum(changes.values()), margin=margin)
    total = {j: sum(results[j].values()) for j in places}
    largest = max(places, key=lambda j: changes[j] / total[j] if total[j] else 0)
    said('margin-variation', not any(changes.values()), unchanged=sum(c == 0 for c in changes.values()),
         below=sum(changes[j] * 10_000 < 5 * total[j] for j in places), jurisdictions=len(places),
         place=largest, largestVotes=changes[largest], largestOf=total[largest])  # fmt: skip
    return found


def verify(files, keys=(), seen=(), witnesses=()):
    """Faults (code, place, expected, found), entries, bodies, and the findings of each contest."""
    faults = []
    tell = lambda code, where, expected=None, found=None: faults.append((code, where, expected, found))
    entries, bodies = verify_record(files, tell, keys, seen, witnesses)
    standing = folded(entries, bodies, tell)
    contests = counts_of(files, entries, standing, tell) if not any(f[0] == 'no-election' for f in faults) else []
    places = [j['id'] for j in bodies[0]['election']['jurisdictions']] if contests else []
    found = {c.contest['id']: findings(c, places) for c in contests}
    counties = {c.contest['id']: sorted(c.results or []) for c in contests}
    for contest, word, figures in draw_again(files, entries, standing, [c.contest for c in contests], counties.get):
        found[contest].append(('sample-drawn-again', word, figures))
    return faults, entries, bodies, found


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    arguments.add_argument('record', type=pathlib.Path)
    arguments.add_argument('--key', help="the log's verifier key, as known from elsewhere")
    arguments.add_argument('--witness', action='append', default=[], help='the key of a witness, one of whom must have cosigned')
    arguments.add_argument('--seen', type=pathlib.Path, help='a checkpoint kept from an earlier time')
    arguments.add_argument('--json', action='store_true')
    given = arguments.parse_args()
    try:
        files = files_of(given.record)
        keys = [verifier_key(given.key)] if given.key else []
        witnesses = [verifier_key(w) for w in given.witness]
        seen = [checkpoint_of(note_of(given.seen.read_bytes())[0])] if given.seen else []
    except (OSError, zipfile.BadZipFile, Fault) as reason:
        print(reason, file=sys.stderr)
        return 3
    faults, entries, bodies, checks = verify(files, keys, seen, witnesses)
    if given.json:
        print(json.dumps({'entries': len(entries), 'bodies': len(bodies), 'faults': faults, 'checks': checks}, indent=1))
    else:
        print(f'{len(entries)} entries, {len(bodies)} bodies, {len(files)} files')
        for code, where, expected, found in faults:
            print(f'fault {code} at {where}' + (f': expected {expected}, found {found}' if expected is not found else ''))
        for contest, said in checks.items():
            print(contest)
            for check, word, figures in said:
                print(f'  {word}  {check}  ' + ', '.join(f'{name} {value}' for name, value in figures.items()))
        print('the record does not hold' if faults else 'the record holds')
    return 2 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
