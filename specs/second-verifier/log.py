# SPDX-License-Identifier: Apache-2.0
"""The log, as specs/log.md has it: strict bytes, Ed25519, the tree, the signed checkpoint, and every file of the log."""
import base64, collections, functools, hashlib, itertools, json, re

LARGEST = 2**53 - 1


class Fault(Exception):
    """What is wrong, by its code in the specification."""


def sha256(data):
    return hashlib.sha256(data).digest()


# ---- Bytes: log.md section 1


def unbase64(text):
    """The bytes, or None: one text for given bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None


def canonical(value, depth=0):
    """RFC 8785."""
    if depth > 100:
        raise ValueError('nested too deeply')
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list):
        return '[' + ','.join(canonical(v, depth + 1) for v in value) + ']'
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode('utf-16-be'))  # RFC 8785 section 3.2.3
        return '{' + ','.join(f'{canonical(n)}:{canonical(value[n], depth + 1)}' for n in names) + '}'
    return json.dumps(value, ensure_ascii=False)


def number(value):
    """ECMAScript's Number::toString, whose digits are Python's and whose places for point and exponent are not."""
    if value != value or value in (float('inf'), float('-inf')):
        raise ValueError('not a number of JSON')
    mantissa, _, exponent = f'{value!r}e0'.lstrip('-').partition('e')
    whole, _, fraction = mantissa.partition('.')
    exponent = int(exponent.partition('e')[0]) + len(whole)
    digits = (whole + fraction).rstrip('0')
    exponent -= len(digits) - len(digits.lstrip('0'))
    digits = digits.lstrip('0')
    sign = '-' if value < 0 else ''
    if digits == '':
        return '0'
    if len(digits) <= exponent <= 21:
        return sign + digits.ljust(exponent, '0')
    if 0 < exponent <= 21:
        return f'{sign}{digits[:exponent]}.{digits[exponent:]}'
    if -6 < exponent <= 0:
        return f'{sign}0.{"0" * -exponent}{digits}'
    point = '.' if len(digits) > 1 else ''
    return f'{sign}{digits[0]}{point}{digits[1:]}e{exponent - 1:+d}'


def from_canonical(data):
    """The value of bytes that are canonical JSON; ValueError if they are not."""
    safe = lambda digits: int(digits) if len(digits) < 17 and abs(int(digits)) <= LARGEST else float(digits)
    try:
        value = json.loads(data.decode('utf-8'), parse_int=safe)
        if canonical(value).encode('utf-8') != data:
            raise ValueError('not canonical')
    except RecursionError:
        raise ValueError('nested too deeply')
    return value


# ---- Ed25519: RFC 8032 section 5.1, as log.md section 1 narrows it. Points are (X, Y, Z, T).

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, point):
    total = IDENTITY
    while n:
        if n & 1:
            total = add(total, point)
        point, n = add(point, point), n >> 1
    return total


def same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def point(data):
    """The point without a small-order part that these 32 bytes are the canonical encoding of, or None."""
    y, odd = int.from_bytes(data, 'little') % 2**255, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT % P
    if y >= P or x * x % P != square or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    found = (x, y, 1, x * y % P)
    return found if same(times(L, found), IDENTITY) else None


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, 'little'))


@functools.cache  # a record has few keys and asks for them again and again
def is_key(key):
    return len(key) == 32 and point(key) is not None and not same(point(key), IDENTITY)


@functools.cache
def verifies(key, message, signature):
    if not is_key(key) or len(signature) != 64 or point(signature[:32]) is None:
        return False
    s = int.from_bytes(signature[32:], 'little')
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), 'little') % L
    return s < L and same(times(s, BASE), add(point(signature[:32]), times(k, point(key))))


# ---- The tree and its files: log.md sections 2 and 3


def root_of(hashes):
    """RFC 6962 section 2.1, from the hashes of leaves: pairing from the left and letting an odd one rise is the same tree."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2])
        hashes = [sha256(b'\x01' + a + b) for a, b in pairs] + (hashes[-1:] if len(hashes) % 2 else [])
    return hashes[0] if hashes else sha256(b'')


def tiles_of(count, level):
    """(path, first, width) of the files that hold `count` hashes or entries of a level."""
    for n in range(-(-count // 256)):
        digits, width = str(n), min(256, count - 256 * n)
        groups = re.findall('...', digits.zfill(-(-len(digits) // 3) * 3))
        name = '/'.join('x' + g for g in groups[:-1]) + '/' * (len(groups) > 1) + groups[-1]
        yield f'tile/{level}/{name}' + ('' if width == 256 else f'.p/{width}'), 256 * n, width


def levels_of(size):
    level = 0
    while size >> 8 * level:
        yield level, size >> 8 * level
        level += 1


# ---- The checkpoint: log.md section 4

Checkpoint = collections.namedtuple('Checkpoint', 'origin size root')
Key = collections.namedtuple('Key', 'name id type public')
NAME = r'[^\s+]+'


def note_of(data):
    """Text and signature lines (name, bytes) of a signed note."""
    try:
        note = data.decode('utf-8')
    except ValueError:
        raise Fault('note-not-utf8')
    if re.search(r'[\x00-\x09\x0b-\x1f]', note):
        raise Fault('note-control-character')
    if not note.endswith('\n'):
        raise Fault('note-no-final-newline')
    text, blank, lines = note.rpartition('\n\n')
    if not blank or not lines:
        raise Fault('note-no-signatures')
    lines = lines[:-1].split('\n')
    if len(lines) > 100:
        raise Fault('note-too-many-signatures')
    parts = [re.fullmatch(f'— ({NAME}) (\\S+)', line) for line in lines]
    signatures = [(m[1], unbase64(m[2])) if m else ('', None) for m in parts]
    if any(s is None or len(s) < 5 for _, s in signatures):
        raise Fault('note-signature-line')
    return text + '\n', signatures


def checkpoint_of(text):
    lines = text.split('\n')
    if len(lines) != 4 or lines[3]:
        raise Fault('checkpoint-lines')
    if not re.fullmatch(NAME, lines[0]):
        raise Fault('checkpoint-origin')
    if not re.fullmatch('0|[1-9][0-9]{0,15}', lines[1]) or int(lines[1]) > LARGEST:
        raise Fault('checkpoint-size')
    root = unbase64(lines[2])
    if root is None or len(root) != 32:
        raise Fault('checkpoint-root')
    return Checkpoint(lines[0], int(lines[1]), root)


def key_id(name, kind, public):
    return sha256(name.encode() + b'\n' + bytes([kind]) + public)[:4]


def verifier_key(text):
    match = re.fullmatch(f'({NAME})\\+([0-9a-f]{{8}})\\+(\\S+)', text)
    data = unbase64(match[3]) if match else None
    if not data:
        raise Fault('key-malformed')
    if data[0] not in (1, 4):
        raise Fault('key-type-unknown')
    if not is_key(data[1:]):
        raise Fault('key-not-ed25519')
    if key_id(match[1], data[0], data[1:]).hex() != match[2]:
        raise Fault('key-id-differs')
    return Key(match[1], bytes.fromhex(match[2]), data[0], data[1:])


def answers(text, signatures, keys):
    """Of each line: its key, if it is known, and None or the fault."""
    seen = set()
    for name, blob in signatures:
        key = next((k for k in keys if (k.name, k.id) == (name, blob[:4])), None)
        if key is None:
            yield None, 'signature-of-unknown-key'
            continue
        time, message = b'', text.encode()
        if key.type == 4:
            time = blob[4:12]
            message = f'cosignature/v1\ntime {int.from_bytes(time, "big")}\n{text}'.encode()
        good = int.from_bytes(time, 'big') <= LARGEST and verifies(key.public, message, blob[4 + len(time) :])
        yield key, 'signature-repeated' if key in seen else None if good else 'signature-false'
        seen.add(key)


# ---- The whole log: log.md section 6


def bundle_of(data):
    """The entries in a bundle, and the byte at which it is cut off, or None."""
    entries, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], 'big')
        if end > len(data) or at + 2 > len(data):
            return entries, at
        entries.append(data[at + 2 : end])
        at = end
    return entries, None


def entries_of(files, size, tell):
    """Every entry of the log, None where it cannot be read."""
    entries = []
    for path, _, width in tiles_of(size, 'entries'):
        found, cut = bundle_of(files[path]) if path in files else ([], None)
        if cut is not None:
            tell('bundle-truncated', path, None, cut)
        elif path in files and len(found) != width:
            tell('bundle-width', path, width, len(found))
        entries += found if cut is None and len(found) == width else [None] * width
    return entries


def verify_log(files, keys, tell, origin=None, witnesses=(), needed=0, seen=()):
    """Checkpoint and entries, None if the checkpoint cannot be read; every fault is told."""
    try:
        if 'checkpoint' not in files:
            raise Fault('checkpoint-missing')
        text, signatures = note_of(files['checkpoint'])
        checkpoint = checkpoint_of(text)
    except Fault as fault:
        tell(str(fault), 'checkpoint')
        return None
    if origin not in (None, checkpoint.origin):
        tell('origin-differs', 'checkpoint', origin, checkpoint.origin)
    lines = list(answers(text, signatures, [*keys, *witnesses]))
    for key, fault in lines:
        if key and fault:
            tell(fault, 'checkpoint', None, key.name)
    good = {key for key, fault in lines if not fault}
    if not any(k.type == 1 and k.name == checkpoint.origin for k in good & set(keys)):
        tell('log-signature-missing', 'checkpoint')
    cosigned = {k.name for k in good & set(witnesses) if k.type == 4}
    if len(cosigned) < needed:
        tell('witnesses-missing', 'checkpoint', needed, len(cosigned))

    size = checkpoint.size
    under_tile = [path for path in files if path.startswith('tile/')]
    due = sum(-(-count // 256) for _, count in levels_of(size)) + -(-size // 256)
    if due > len(under_tile) + 10_000:
        tell('size-beyond-files', 'checkpoint', due, len(under_tile))
        tell('root-unchecked', 'checkpoint')
        return checkpoint, []
    level_files = [(level, list(tiles_of(count, level))) for level, count in levels_of(size)]
    paths = {path for path, *_ in itertools.chain(tiles_of(size, 'entries'), *(tiles for _, tiles in level_files))}
    for path in sorted(paths ^ set(under_tile)):
        tell('tile-missing' if path in paths else 'tile-unexpected', path)

    entries = entries_of(files, size, tell)
    leaves = [None if e is None else sha256(b'\x00' + e) for e in entries]
    hashes, fits = leaves, False
    for level, tiles in level_files:
        for path, first, width in tiles:
            own, data = hashes[first : first + width], files.get(path)
            if data is not None and len(data) != 32 * width:
                tell('tile-length', path, 32 * width, len(data))
            elif data is not None and None in own:
                tell('tile-unchecked', path)
            elif data is not None and data != b''.join(own):
                tell('tile-differs', path)
        whole = [hashes[i : i + 256] for i in range(0, len(hashes) - 255, 256)]
        hashes = [None if None in part else root_of(part) for part in whole]
    if None in leaves:
        tell('root-unchecked', 'checkpoint')
    elif root_of(leaves) != checkpoint.root:
        tell('root-differs', 'checkpoint', checkpoint.root.hex(), root_of(leaves).hex())
        published = b''.join(files.get(path, b'') for path, *_ in level_files[0][1]) if level_files else b''
        parts = [published[i : i + 32] for i in range(0, len(published), 32)]
        if len(parts) == size and root_of(parts) == checkpoint.root:  # record.md section 8: these were changed
            for path, first, width in tiles_of(size, 'entries'):
                if parts[first : first + width] != leaves[first : first + width]:
                    tell('bundle-differs', path)
    for kept in seen:
        if kept.origin != checkpoint.origin:
            tell('history-other-log', 'checkpoint', kept.origin, checkpoint.origin)
        elif kept.size > size:
            tell('history-shorter', 'checkpoint', kept.size, size)
        elif None in leaves[: kept.size]:
            tell('history-unchecked', 'checkpoint')
        elif root_of(leaves[: kept.size]) != kept.root:
            tell('history-differs', 'checkpoint', kept.root.hex(), root_of(leaves[: kept.size]).hex())
    return checkpoint, entries
