# SPDX-License-Identifier: Apache-2.0
"""The record, as specs/record.md has it: entries and their order, signatures of acts, bodies, files."""
import re
from log import (
    Fault, Key, LARGEST, canonical, bundle_of, checkpoint_of, from_canonical, is_key, key_id, note_of, sha256,
    tiles_of, unbase64, verifies, verify_log,
)  # fmt: skip

# ---- Shapes of entries and bodies: record.md sections 2, 4 and 6. A shape is a function that says whether a value has it.

text = lambda v: isinstance(v, str)
integer = lambda v: type(v) is int and 0 <= v <= LARGEST
anything = lambda v: True
an_object = lambda v: isinstance(v, dict)
clock_time = lambda v: text(v) and re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z', v, re.A) is not None
DATE_OR_TIME = r'\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?'
stated_time = lambda v: text(v) and re.fullmatch(DATE_OR_TIME, v, re.A) is not None
digits64 = lambda v: text(v) and re.fullmatch('[0-9a-f]{64}', v) is not None
salt32 = lambda v: text(v) and len(unbase64(v) or b'') == 32
list_of = lambda shape: lambda v: isinstance(v, list) and all(shape(x) for x in v)
one_of = lambda *values: lambda v: text(v) and v in values
either = lambda *shapes: lambda v: any(shape(v) for shape in shapes)
boolean = lambda v: isinstance(v, bool)


def members(required, optional={}):
    every = {**required, **optional}
    return lambda v: isinstance(v, dict) and required.keys() <= v.keys() and all(n in every and every[n](v[n]) for n in v)


KINDS = """election defined, jurisdiction joined, key authorised, key withdrawn, file received, results reported, counts reported, hand count
reported, contests and risk limits announced, seed drawn, discrepancy explained, statement made, claim registered, correction,
manifest sealed, CVRs sealed, sample drawn, paper interpreted, round assessed, full hand count ordered, incident noted, challenge
filed, challenge decided, certificate signed, seal opened""".replace('\n', ' ').split(', ')
kind = one_of(*KINDS)
author = members({'name': text, 'role': text}, {'jurisdiction': text})
held = members({'name': text, 'sha256': digits64, 'bytes': integer})
file = either(held, members({'name': text, 'sha256': digits64, 'bytes': integer, 'held': lambda v: v is False}))
read = members({'file': file, 'reader': text, 'version': text, 'rowsRead': integer, 'rowsRefused': integer})
share = members({'numerator': integer, 'denominator': integer})
rule = either(
    members({'kind': one_of('plurality'), 'voteFor': integer, 'winners': integer}),
    members({'kind': one_of('supermajority', 'threshold'), 'share': share}),
    members({'kind': one_of('topTwoRunoff')}),
    members({'kind': one_of('approval'), 'winners': integer}),
    members({'kind': one_of('instantRunoff')}, {'ranks': integer}),
    members({'kind': one_of('singleTransferableVote'), 'winners': integer}, {'ranks': integer}),
    members({'kind': one_of('dhondt', 'sainteLague'), 'seats': integer}, {'threshold': share}),
)
named = members({'id': text, 'name': text})
choice = members({'id': text, 'name': text}, {'party': text, 'writeIn': boolean})
contest = members({'id': text, 'name': text, 'choices': list_of(choice), 'rule': rule})
column = either(
    members({'kind': one_of('choice'), 'choice': text}),
    members({'kind': one_of('ranking'), 'ranks': list_of(list_of(text))}),
    members({'kind': one_of('writeIn', 'validWriteIn', 'invalidWriteIn', 'blank', 'overvote')}),
)
test = members({'check': text, 'word': one_of('holds', 'fails')}, {'jurisdiction': text})
part = members(
    {'id': text, 'asks': text, 'role': one_of('kernel', 'conclusion'), 'tests': list_of(test)},
    {'beyond': text, 'spanish': members({'asks': text}, {'beyond': text})},
)
figure = members(
    {'name': text, 'value': text, 'of': text},
    {'note': text, 'spanish': members({'of': text}, {'note': text})},
)
statement = members(
    {'id': text, 'kind': one_of('claim', 'official statement'), 'parts': list_of(part)}
    | dict.fromkeys(['who', 'when', 'where', 'words'], text),
    {'summarised': boolean, 'contest': text, 'figures': list_of(figure)},
)
votes = list_of(members({'name': text, 'votes': integer}))
audited_contest = members(
    {'contest': text, 'targeted': boolean, 'tabulated': votes},
    dict.fromkeys(['winners', 'votesAllowed', 'totalBallotsCast', 'pendingBallots'], integer),
)
audited_round = members(
    {'round': integer, 'contest': text, 'audited': votes},
    {'sampleSize': integer, 'riskLimitMet': boolean, 'pValue': text, 'startedAt': text, 'endedAt': text},
)
states = members(
    {'contests': list_of(audited_contest), 'rounds': list_of(audited_round)},
    dict.fromkeys('organization election state auditName auditType auditMath riskLimit seed'.split(), text),
)
election = members(
    {'name': text, 'date': text, 'jurisdictions': list_of(named), 'contests': list_of(contest)}, {'state': text}
)
BODIES = dict.fromkeys(KINDS, an_object) | {
    'election defined': members({'record': one_of('conducted', 'reconstructed'), 'origin': text, 'election': election}),
    'jurisdiction joined': members({'jurisdiction': named}),
    'key authorised': members({'keyid': digits64, 'publicKey': text, 'holder': author, 'signs': list_of(kind)}),
    'key withdrawn': members({'keyid': digits64, 'why': text, 'words': text}),
    'file received': members({'file': file, 'from': text}, {'retrieved': text, 'licence': text, 'states': states}),
    'results reported': members(
        {'contest': text, 'choices': list_of(text), 'table': file, 'status': one_of('certified', 'unofficial', 'not stated')},
        {'asOf': text, 'statedTotals': list_of(integer), 'read': read},
    ),
    'counts reported': members({'contest': text, 'table': file}, {'read': read}),
    'hand count reported': members(
        {'contest': text, 'granularity': one_of('batch', 'type'), 'columns': list_of(column), 'table': file}
        | {'totals': list_of(integer), 'batches': integer},
        {'read': read, 'why': text},
    ),
    'contests and risk limits announced': members(
        {'contests': list_of(members({'contest': text}, dict.fromkeys(('riskLimit', 'method', 'rule'), text) | {'doubleEntry': boolean, 'cards': integer, 'reported': list_of(text)}))}
    ),
    'seed drawn': members({'seed': text, 'how': text, 'witnesses': list_of(text)}),
    'discrepancy explained': members(
        {'check': text, 'words': text, 'by': list_of(text)},
        {'accountsFor': members({'value': integer, 'unit': one_of('votes', 'ballots', 'cards')}), 'reason': text},
    ),
    'statement made': statement,
    'claim registered': statement,
    'correction': members({'reason': text}, {'replacement': anything}),
}
about = members({}, {'contest': text, 'jurisdiction': text, 'round': integer, 'entries': list_of(integer)})
act = members(
    {'kind': kind, 'author': author, 'about': about}
    | {'body': members({'access': one_of('open', 'sealed'), 'digest': digits64})},
    {'done': stated_time},
)
entry = members(
    {'v': lambda v: type(v) is int and v == 1, 'position': integer, 'act': act}
    | {'appended': clock_time, 'signatures': list_of(members({'keyid': digits64, 'sig': text}))},
)


# ---- The order of acts: record.md section 7

AFTER_CERTIFICATE = """certificate signed, correction, statement made, claim registered, challenge filed, challenge decided,
incident noted, seal opened, file received, key authorised, key withdrawn, discrepancy explained""".replace('\n', ' ').split(', ')
NEEDS = [  # a kind, the kinds of which one must have come before, the fault
    ('contests and risk limits announced', ['results reported'], 'announced-before-results'),
    ('seed drawn', ['manifest sealed'], 'seed-before-seal'),
    ('seed drawn', ['contests and risk limits announced'], 'seed-before-announcement'),
    ('sample drawn', ['seed drawn'], 'sample-before-seed'),
    ('paper interpreted', ['sample drawn', 'full hand count ordered'], 'paper-before-sample'),
    ('round assessed', ['paper interpreted', 'hand count reported'], 'assessed-before-paper'),
    ('hand count reported', ['full hand count ordered'], 'hand-count-before-order'),
    ('certificate signed', ['round assessed', 'hand count reported'], 'certified-before-result'),
]
SEALED_INPUTS = ('manifest sealed', 'CVRs sealed', 'results reported')
NAME_EARLIER = ('correction', 'seal opened', 'discrepancy explained', 'challenge decided')


def order_faults(acts, conducted):
    """(position, code) of every act, by position, that stands where it may not."""
    seen, joined = set(), set()
    for position, act in acts.items():
        kind, named = act['kind'], act['about'].get('entries', [])
        faults = []
        if kind == 'election defined' and position > 0:
            faults.append('second-definition')
        if kind != 'election defined' and 'election defined' not in seen:
            faults.append('before-definition')
        if kind in NAME_EARLIER and (not named or any(p >= position for p in named)):
            faults.append('names-no-earlier-entry')
        if conducted:
            place = act['about'].get('jurisdiction')
            if place is not None and place not in joined and kind != 'jurisdiction joined':
                faults.append('before-jurisdiction-joined')
            faults += [code for k, before, code in NEEDS if k == kind and not seen & set(before)]
            if 'seed drawn' in seen:
                inputs = [kind] + [acts[p]['kind'] for p in named if p in acts and kind == 'correction']
                faults += ['announced-after-seed'] * (kind == 'contests and risk limits announced')
                faults += ['second-seed'] * (kind == 'seed drawn')
                faults += ['sealed-input-changed-after-seed'] * any(k in SEALED_INPUTS for k in inputs)
            sealed = lambda p: p < position and p in acts and acts[p]['body']['access'] == 'sealed'
            if kind == 'seal opened' and not all(map(sealed, named)):
                faults.append('opened-before-sealed')
            if 'certificate signed' in seen and kind not in AFTER_CERTIFICATE:
                faults.append('after-certificate')
            if kind == 'jurisdiction joined':
                joined.add(place)
        seen.add(kind)
        yield from ((position, code) for code in faults)


# ---- Signatures of acts: log.md section 5 and record.md section 5


def dsse(payload, kind='application/vnd.opencanvass.act+json'):
    return f'DSSEv1 {len(kind)} {kind} {len(payload)} '.encode() + payload


def act_signatures(message, signatures, keys):
    """Of each signature, one thing."""
    seen = set()
    for signature in signatures:
        keyid, data = signature['keyid'], unbase64(signature['sig'])
        if data is None or len(data) != 64:
            yield 'signature-malformed'
        elif keyid not in keys:
            yield 'signature-of-unknown-key'
        elif keyid in seen:
            yield 'signature-repeated'
        else:
            yield 'signature-verified' if verifies(keys[keyid], message, data) else 'signature-false'
            seen.add(keyid)


MUST_BE_SIGNED = 'manifest sealed, CVRs sealed, seed drawn, certificate signed, statement made, correction'.split(', ')


def signature_faults(entries, bodies, conducted):
    keys = {}  # keyid -> public key, the kinds it signs
    fixed, withdrawn = set(), set()  # the log's own; those that sign nothing any more
    for position, entry in entries.items():
        act = entry['act']
        may = {k: public for k, (public, signs) in keys.items() if act['kind'] in signs}
        said = list(act_signatures(dsse(canonical(act).encode()), entry['signatures'], may))
        for signature, code in zip(entry['signatures'], said):
            if code != 'signature-verified':
                yield position, 'signature-of-withdrawn-key' if signature['keyid'] in withdrawn else code
        named = act['about'].get('entries', [])
        of_readings = named and all(p < position and p in entries and entries[p]['act']['kind'] == 'paper interpreted' for p in named)
        unsigned = act['kind'] == 'correction' and of_readings
        if conducted and act['kind'] in MUST_BE_SIGNED and not said and not unsigned:
            yield position, 'signature-missing'
        if act['kind'] == 'key authorised' and position in bodies:
            body = bodies[position]
            public = unbase64(body['publicKey'])
            if not is_key(public or b'') or sha256(public).hex() != body['keyid'] or body['keyid'] in keys:
                yield position, 'key-not-authorised'
            else:
                keys[body['keyid']] = public, body['signs']
                if body['holder']['role'] == 'keeper':
                    fixed.add(body['keyid'])
        if act['kind'] == 'key withdrawn' and position in bodies:
            keyid = bodies[position]['keyid']
            if keyid not in keys or keyid in fixed | withdrawn:
                yield position, 'key-not-withdrawn'
            else:
                keys[keyid] = keys[keyid][0], []
                withdrawn.add(keyid)


# ---- The record: record.md sections 3, 4 and 8


def files_named(value):
    if held(value):
        yield value
    for v in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from files_named(v)


def bodies_of(files, entries, tell):
    """Every published body, as it was committed to, by its position."""
    opened = {p for e in entries.values() if e['act']['kind'] == 'seal opened' for p in e['act']['about'].get('entries', [])}
    bodies = {}
    for position, entry in entries.items():
        path, kind, commitment = f'bodies/{position}.json', entry['act']['kind'], entry['act']['body']
        due = commitment['access'] == 'open' or position in opened
        if path in files and not due:
            tell('sealed-body-published', path)
        if path not in files and due:
            tell('body-missing', path)
        if path in files:
            try:
                published = from_canonical(files[path])
            except ValueError:
                tell('body-not-canonical', path)
                continue
            if not members({'body': anything, 'salt': salt32})(published):
                tell('body-not-salted', path)
                continue
            data = canonical(published['body']).encode()
            found = sha256(b'opencanvass/body/v1\n' + unbase64(published['salt']) + data).hex()
            if found != commitment['digest']:
                tell('body-differs', path, commitment['digest'], found)
            elif not BODIES[kind](published['body']):
                tell('body-of-another-shape', path)
            else:
                bodies[position] = published['body']
    return bodies


def stated_keys(files):
    """The log's keys as the record states them of itself, which show no more than that the record is whole."""
    try:
        checkpoint = checkpoint_of(note_of(files['checkpoint'])[0])
    except (Fault, KeyError):
        return []
    path = next((path for path, *_ in tiles_of(min(checkpoint.size, 256), 'entries')), None)
    first, cut = bundle_of(files.get(path, b''))
    leaves = {p: leaf for p, leaf in enumerate(first) if cut is None and b'"kind":"key authorised"' in leaf}
    said = bodies_of(files, read_entries(leaves, lambda *_: None), lambda *_: None)
    keys = [unbase64(b['publicKey']) or b'' for b in said.values() if b.get('holder', {}).get('role') == 'keeper']
    return [Key(checkpoint.origin, key_id(checkpoint.origin, 1, k), 1, k) for k in keys if is_key(k)]


def read_entries(leaves, tell):
    """The entries in these leaves, by position."""
    entries = {}
    for position, leaf in leaves.items():
        try:
            found = from_canonical(leaf)
        except ValueError:
            found = None
        if not entry(found):
            tell('not-an-entry', position)
            continue
        if found['position'] != position:
            tell('wrong-position', position, position, found['position'])
            continue
        entries[position] = found
    return entries


def verify_record(files, tell, keys=(), seen=(), witnesses=()):
    """Entries and published bodies by position. `tell` is told every fault."""
    needed = 1 if witnesses else 0
    checkpoint, leaves = verify_log(files, keys or stated_keys(files), tell, None, witnesses, needed, seen) or (None, [])
    entries = read_entries({p: leaf for p, leaf in enumerate(leaves) if leaf is not None}, tell)
    bodies = bodies_of(files, entries, tell)
    defined = bodies.get(0) if entries and 0 in entries and entries[0]['act']['kind'] == 'election defined' else None
    if defined is None:
        tell('no-election', 0)
    elif checkpoint and defined['origin'] != checkpoint.origin:
        tell('origin-differs', 'checkpoint', checkpoint.origin, defined['origin'])
    conducted = defined is None or defined['record'] == 'conducted'
    for position, code in order_faults({p: e['act'] for p, e in entries.items()}, conducted):
        tell(code, position)
    for position, code in signature_faults(entries, bodies, conducted):
        tell(code, position)
    references = {f'files/{r["sha256"]}': r for body in bodies.values() for r in files_named(body)}
    for path, reference in sorted(references.items()):
        if path not in files:
            tell('file-missing', path, reference['name'])
        elif sha256(files[path]).hex() != reference['sha256']:
            tell('file-differs', path, reference['sha256'], sha256(files[path]).hex())
        elif len(files[path]) != reference['bytes']:
            tell('file-length', path, reference['bytes'], len(files[path]))
    accounted = {f'bodies/{p}.json' for p in entries} | references.keys() | {'checkpoint'}
    for path in sorted(files.keys() - accounted):
        if not path.startswith('tile/'):
            tell('file-unknown', path)
    return entries, bodies
