# SPDX-License-Identifier: Apache-2.0
"""The draw of a desk's audit, as specs/draw.md and specs/desk.md have it: the sample of batches or cards, drawn again from what was sealed."""
import csv, hashlib, io, re
from fractions import Fraction
from log import sha256


class Lacking(Exception):
    """What is missing to draw again."""


# ---- What was sealed: desk.md, "The files"

HEADINGS = (
    ('size', r'(number|num|no|total|count)?(of)?(ballots?|(ballot)?cards?)(count)?'),
    ('tabulator', r'(tabulator|scanner|device|machine)(id|number|num|no|name)?'),
    ('name', r'batch(id|number|num|no|name)?'),
)  # fmt: skip


def rows_of(data):
    return [row for row in csv.reader(io.StringIO(data.decode('utf-8-sig'))) if any(cell.strip() for cell in row)]


def manifest_of(data):
    """(tabulator, batch, size) of each row."""
    heading, *rows = rows_of(data)
    letters = [re.sub('[^a-z]', '', cell.replace('#', 'number').lower()) for cell in heading]
    columns = {what: i for what, pattern in HEADINGS for i, text in reversed(list(enumerate(letters))) if re.fullmatch(pattern, text)}
    if not {'name', 'size'} <= columns.keys():
        raise Lacking('manifest-heading')
    tabulator = lambda row: row[columns['tabulator']].strip() if 'tabulator' in columns else ''
    return [(tabulator(row), row[columns['name']].strip(), int(row[columns['size']].replace(',', ''))) for row in rows]


def totals_of(data, contest):
    """Votes by batch, in the order of the contest's choices."""
    heading, *rows = rows_of(data)
    heading = [cell.strip() for cell in heading]
    columns = []
    for choice in contest['choices']:
        names = [n for n in (f'{contest["name"]} - {choice["name"]}', choice['name']) if n in heading]
        if not names:
            raise Lacking('choice-missing')
        columns.append(heading.index(names[0]))
    return {row[0].strip(): [int(row[c].replace(',', '')) for c in columns] for row in rows}


class Sealed:
    """The inputs of each county: its last manifest, and what was sealed after it."""

    def __init__(self, files, entries, bodies):
        self.files, self.manifests, self.totals = files, {}, {}
        for position, entry in sorted(entries.items()):
            about, kind = entry['act']['about'], entry['act']['kind']
            county, body = about.get('jurisdiction'), bodies.get(position)
            if kind == 'manifest sealed':
                self.manifests[county], self.totals[county] = body, {}
            if kind == 'CVRs sealed' and about.get('contest'):
                self.totals.setdefault(county, {})[about['contest']] = body

    def file(self, body, missing):
        if body is None:
            raise Lacking(missing)
        digest = body.get('read', {}).get('file', {}).get('sha256')
        data = self.files.get(f'files/{digest}')
        if data is None or sha256(data).hex() != digest:
            raise Lacking('file-not-at-hand')
        return data

    def batches(self, county):
        return manifest_of(self.file(self.manifests.get(county), 'no-manifest'))

    def votes(self, county, contest):
        return totals_of(self.file(self.totals.get(county, {}).get(contest['id']), 'seal-not-opened'), contest)


# ---- draw.md sections 3 and 4


def cards_in_order(seed, ids):
    return sorted(ids, key=lambda i: (hashlib.sha256(f'{seed}:{i}'.encode()).digest(), i.encode()))


def batches_drawn(seed, weights, count):
    """Draws 1 to `count`: `weights` by id, whole numbers."""
    line = sorted(weights, key=str.encode)
    whole, draws = sum(weights.values()), []
    if whole == 0:
        raise Lacking('no-weight')
    for k in range(1, count + 1):
        x = int.from_bytes(hashlib.sha256(f'{seed}/{k}'.encode()).digest(), 'big') * whole >> 256
        for i in line:
            x -= weights[i]
            if x < 0:
                draws.append(i)
                break
    return draws


# ---- desk.md, "Ids, and the draw"


def bounds(contest, batches):
    """The error bound of each batch, over all assertions that the reported outcome makes."""
    if contest['rule']['kind'] != 'plurality':
        raise Lacking('method-not-known')
    totals = [sum(votes[c] for _, votes in batches.values()) for c in range(len(contest['choices']))]
    order = sorted(range(len(totals)), key=lambda c: -totals[c])
    elected, others = order[: contest['rule']['winners']], order[contest['rule']['winners'] :]
    if any(totals[w] <= totals[l] for w in elected for l in others):
        raise Lacking('contest-not-auditable')
    return {
        name: max(Fraction(votes[w] - votes[l] + size, totals[w] - totals[l]) for w in elected for l in others)
        for name, (size, votes) in batches.items()
    }


def weights_of(bound):
    common = 1
    for b in set(bound.values()):
        common *= b.denominator
    return {name: max(0, int(b * common)) for name, b in bound.items()}


def draw_again(files, entries, bodies, contests, counties):
    """(contest, word, figures) for each contest of which a sample was drawn. `counties` gives those with a row in a contest's results."""
    seeds = [bodies[p]['seed'] for p, e in sorted(entries.items()) if e['act']['kind'] == 'seed drawn' and p in bodies]
    announced = {}
    for position, entry in sorted(entries.items()):
        if entry['act']['kind'] == 'contests and risk limits announced' and position in bodies:
            announced.update({a['contest']: a for a in bodies[position]['contests'] if a['contest'] not in announced})
    sealed = Sealed(files, entries, bodies)
    for contest in contests:
        of = lambda e: e['act']['kind'] == 'sample drawn' and e['act']['about'].get('contest') == contest['id']
        rounds = [bodies[p] for p, e in sorted(entries.items()) if of(e) and p in bodies]
        if not rounds or contest['id'] not in announced:
            continue
        try:
            yield contest['id'], *compared(contest, announced[contest['id']], rounds, seeds, sealed, counties(contest['id']))
        except Lacking as lacking:
            yield contest['id'], 'cannot tell', {'code': str(lacking)}
        except (KeyError, IndexError, TypeError, ValueError):
            yield contest['id'], 'cannot tell', {'code': 'body-not-understood'}


def compared(contest, announced, rounds, seeds, sealed, counties):
    if not seeds:
        raise Lacking('no-seed')
    if re.fullmatch('[0-9]{20,}', seeds[0], re.A) is None:
        raise Lacking('seed-too-weak')
    stated, most = [draw for r in rounds for draw in r['draws']], max(r['to'] for r in rounds)
    if announced.get('method') == 'batch comparison':
        batches = {}
        for county in counties:
            rows, votes = sealed.batches(county), sealed.votes(county, contest)
            batches.update({f'{county}/{tabulator}/{name}': (size, votes[name]) for tabulator, name, size in rows})
        drawn = batches_drawn(seeds[0], weights_of(bounds(contest, batches)), most)
    elif announced.get('method') in ('card comparison', 'ballot polling', 'ONEAudit') and 'cards' not in announced:
        ids = [f'{c}/{t}/{name}/{n + 1}' for c in counties for t, name, size in sealed.batches(c) for n in range(size)]
        drawn = cards_in_order(seeds[0], ids)[:most]
    else:
        raise Lacking('method-not-known')
    place, differing = 0, 0
    for r in rounds:
        differing += r['from'] != place or len(r['draws']) != r['to'] - r['from']
        differing += sum(d != (drawn[r['from'] + i : r['from'] + i + 1] or [None])[0] for i, d in enumerate(r['draws']))
        place = r['to']
    return 'fails' if differing else 'holds', {'draws': len(stated), 'rounds': len(rounds), 'differing': differing}
