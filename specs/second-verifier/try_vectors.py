# SPDX-License-Identifier: Apache-2.0
"""Puts log.py and the signatures of record.py to the vectors of vectors/log, all three to vectors/record: python3 try_vectors.py"""
import base64, hashlib, json, pathlib, sys
import log as v, record, verify

vectors = pathlib.Path(__file__).resolve().parents[2] / 'vectors'
folder = vectors / 'log'
wrong = []


def each(name, answer):
    """What `answer` says of each vector, as a list of refusals, against what is expected."""
    file = json.loads((folder / f'{name}.json').read_text('utf-8'))
    for vector in file['accepted'] + file['refused']:
        expected = vector.get('refusals', vector['refusal'].split(', ') if 'refusal' in vector else [])
        try:
            found = answer(vector, file)
        except v.Fault as fault:
            found = [str(fault)]
        if sorted(found) != sorted(expected):
            wrong.append(f'{name}: {vector["name"]}: expected {expected}, found {found}')
    print(f'{name}: {len(file["accepted"]) + len(file["refused"])} vectors')


def note(vector, _):
    data = vector['note'].encode() if 'note' in vector else bytes.fromhex(vector['noteHex'])
    text, signatures = v.note_of(data)
    lines = list(v.answers(text, signatures, [v.verifier_key(k) for k in vector['keys']]))
    if 'verified' in vector:
        assert [key.name for key, fault in lines if not fault] == vector['verified'] and text == vector['text']
        return []
    return [fault for _, fault in lines if fault]


def tree(vector, file):
    leaves = [bytes.fromhex(leaf) for leaf in vector.get('leaves', file['leaves'][: vector['size']])]
    same = v.root_of([v.sha256(b'\0' + leaf) for leaf in leaves]).hex() == vector['root']
    return [] if same else ['root-differs']


def dsse(vector, _):
    keys = {hashlib.sha256(bytes.fromhex(k)).hexdigest(): bytes.fromhex(k) for k in vector['keys']}
    message = record.dsse(vector['payload'].encode(), vector['payloadType'])
    found = list(record.act_signatures(message, vector['signatures'], keys))
    return [code for code in found if code != 'signature-verified']


def log(vector, file):
    files = {path: base64.b64decode(data) for path, data in file['logs'][vector['log']].items()}
    for put in vector.get('put', []):
        files.pop(put['path'], None)
        if 'base64' in put:
            files[put['path']] = base64.b64decode(put['base64'])
    expect, faults = vector.get('expect', {}), []
    keys = [v.verifier_key(k) for k in file['keys'] + expect.get('alsoKeys', [])]
    witnesses = [v.verifier_key(k) for k in expect.get('witnesses', [])]
    seen = expect.get('seen')
    kept = [v.Checkpoint(seen['origin'], seen['size'], bytes.fromhex(seen['root']))] if seen else []
    tell = lambda code, where, *_: faults.append(code + (f' {where}' if where != 'checkpoint' else ''))
    v.verify_log(files, keys, tell, file['origin'], witnesses, expect.get('needed', 0), kept)
    return [f for f in faults if not f.startswith('bundle-differs')]  # of record.md, not of log.md


def whole_records():
    """vectors/record: all faults of each, by code and place."""
    kept = json.loads((vectors / 'record' / 'record.json').read_text('utf-8'))
    good = {path: base64.b64decode(data) for path, data in kept['files'].items()}
    for path in sorted((vectors / 'record').glob('*.json')):
        tried = json.loads(path.read_text('utf-8'))['vectors']
        for vector in tried:
            files = dict(good)
            for put in vector['put']:
                files.pop(put['path'], None)
                if 'base64' in put:
                    old = good[put['of']] if 'of' in put else b''
                    start, end = put.get('start', 0), len(old) - put.get('end', 0)
                    files[put['path']] = old[:start] + base64.b64decode(put['base64']) + old[end:]
            knows = kept['knows'] | vector.get('knows', {})
            seen = [v.Checkpoint(c['origin'], c['size'], bytes.fromhex(c['root'])) for c in knows['seen']]
            keys = [list(map(v.verifier_key, knows[which])) for which in ('logKeys', 'witnessKeys')]
            found = sorted(f'{code} {where}' for code, where, *_ in verify.verify(files, keys[0], seen, keys[1])[0])
            reads_originals = path.name == 'originals.json'  # with readers that this verifier does not have
            told = [f for f in vector['faults'] if not (reads_originals and f['check'] == 'tables-read-again')]
            expected = sorted(f'{f["code"]} {f["at"]}' for f in told)
            if found != expected:
                wrong.append(f'record/{path.name}: {vector["name"]}: expected {expected}, found {found}')
        print(f'record/{path.name}: {len(tried)} vectors')


each('tree', tree)
each('verifier-keys', lambda vector, _: [] if v.verifier_key(vector['key']) else [])
each('notes', note)
each('checkpoints', lambda vector, _: [] if v.checkpoint_of(vector['text']) else [])
each('dsse', dsse)
each('logs', log)
whole_records()
print('\n'.join(wrong) or 'as expected')
sys.exit(2 if wrong else 0)
