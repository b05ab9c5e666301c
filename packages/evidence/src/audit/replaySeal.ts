// Were the inputs of an audit sealed before its seed was rolled? As far as the files' own dates and digests tell: what was uploaded when, under
// which digest, and whether the manifests at hand are what was uploaded. A date in a file is what its author wrote; only a log with witnesses
// (specs/log.md) could prove more, and no published audit has one yet.
import { sha256, toHex } from '../bytes/index.ts';
import { jurisdictionId } from '../election/index.ts';
import { readManifest } from '../formats/manifest.ts';
import { readZip } from '../formats/zip.ts';
import type { ColoradoUpload } from '../formats/coloradoAudit.ts';
import type { Stamp } from '../stated/index.ts';
import { isBefore } from '../stated/index.ts';
import type { ReplayFile, ReplayItem, ReplayUnit } from './replay.ts';
import { partsItem } from './replay.ts';
import type { ColoradoFiles } from './replayColorado.ts';

/**
 * Nothing that anyone but its author vouches for says when the inputs were as they are. What times an archive carries is told with it: they are the
 * clock of whoever packed it, which anyone can set, and prove nothing in either direction.
 */
export const noInputTimes = (files: readonly ReplayFile[]): ReplayItem => ({
  of: 'sealed-before-seed',
  word: 'cannot tell',
  code: 'no-trusted-time',
  units: files.map(({ name, bytes }): ReplayUnit => {
    if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return { name };
    const times = packedAt(name, bytes, 2).toSorted();
    if (times.length === 0) return { name, code: 'archive-without-times' };
    const span = times[0] === times.at(-1) ? times[0]! : `${times[0]} – ${times.at(-1)!}`;
    return { name, code: 'packers-clock', stated: span };
  }),
});

/** The times of an archive's entries, and of those of archives within it. */
function packedAt(name: string, bytes: Uint8Array, depth: number): string[] {
  const zip = readZip(bytes, name);
  if (!zip.ok) return [];
  return zip.entries.flatMap((entry) => {
    const own = entry.modified === undefined ? [] : [entry.modified];
    if (depth <= 1 || !entry.name.toLowerCase().endsWith('.zip')) return own;
    const inner = entry.bytes();
    return inner.ok ? [...own, ...packedAt(entry.name, inner.bytes, depth - 1)] : own;
  });
}

export function coloradoSeal(files: ColoradoFiles): ReplayItem[] {
  const uploads = files.uploads.flatMap((u) => u.value);
  if (uploads.length === 0) return [noInputTimes(files.manifests)];
  const latest = latestUploads(uploads);
  const mismatches = uploads.filter(isMismatch);
  const other = manifestsUnlikeTheirUpload(files, latest);
  const digests = partsItem('digest', {}, uploads.length + files.manifests.length, [
    ...mismatches.map((u) => ({ name: label(u), code: 'hash-mismatch', stated: u.submitted, recomputed: u.computed })), // oxfmt-ignore
    ...other,
  ]);
  return [{ ...digests, stated: files.uploads.map((u) => u.name).join(', ') }, sealedBeforeSeed(files, latest, other)]; // oxfmt-ignore
}

const label = (u: ColoradoUpload): string => `${u.county} · ${u.filename} · ${u.at.text}`;
const isMismatch = (u: ColoradoUpload): boolean =>
  u.status.toUpperCase() === 'HASH_MISMATCH' ||
  (u.computed !== '' && u.submitted !== '' && u.computed !== u.submitted);
const isManifest = (u: ColoradoUpload): boolean => u.type.includes('manifest');

/** By county and type what was uploaded last: what the draw was made from. */
function latestUploads(uploads: readonly ColoradoUpload[]): ColoradoUpload[] {
  const latest = new Map<string, ColoradoUpload>();
  for (const u of uploads) {
    const key = `${jurisdictionId(u.county)} ${isManifest(u) ? 'manifest' : 'records'}`;
    const before = latest.get(key);
    if (before === undefined || u.at.from >= before.at.from) latest.set(key, u);
  }
  return [...latest.values()];
}

/** Manifests at hand that are not, to the byte, what their county uploaded last. */
function manifestsUnlikeTheirUpload(files: ColoradoFiles, latest: readonly ColoradoUpload[]): ReplayUnit[] {
  return files.manifests.flatMap(({ name, bytes }): ReplayUnit[] => {
    const manifest = readManifest(name, bytes);
    if (!manifest.ok) return []; // refused where the draws read it
    const county = jurisdictionId(manifest.value.batches[0]!.jurisdiction);
    const listed = latest.find((u) => isManifest(u) && jurisdictionId(u.county) === county);
    const found = toHex(sha256(bytes));
    return listed === undefined || listed.computed === '' || listed.computed === found
      ? []
      : [{ name, code: 'digest-differs', stated: listed.computed, recomputed: found }];
  });
}

function sealedBeforeSeed(
  files: ColoradoFiles,
  latest: readonly ColoradoUpload[],
  unlike: readonly ReplayUnit[],
): ReplayItem {
  const seed = files.seeds[0]?.value.drawn;
  // Without the seed's own date: it was known when the first card was read.
  const firstRead = files.readings
    .flatMap((r) => r.value.flatMap(({ at }) => (at === undefined ? [] : [at])))
    .toSorted((a, b) => a.from - b.from)[0];
  const units: ReplayUnit[] = [
    ...unlike,
    ...latest.flatMap((u): ReplayUnit[] => {
      if (isMismatch(u)) return [{ name: label(u), code: 'hash-mismatch', stated: u.submitted, recomputed: u.computed }]; // oxfmt-ignore
      const order = whenUploaded(u.at, seed, firstRead);
      if (order !== 'sealed-before') return [{ name: label(u), code: order }];
      return u.computed === '' ? [{ name: label(u), code: 'no-digest' }] : [];
    }),
    ...notListed(files, latest),
  ];
  const code = ['digest-differs', 'hash-mismatch', 'changed-after', 'no-seed-date', 'time-undecided', 'manifest-not-listed', 'records-not-listed', 'no-digest'].find((c) => units.some((u) => u.code === c)); // oxfmt-ignore
  const fails = code === 'digest-differs' || code === 'hash-mismatch' || code === 'changed-after';
  return {
    of: 'sealed-before-seed',
    word: code === undefined ? 'reproduced' : fails ? 'differs' : 'cannot tell',
    code: code === undefined ? 'sealed-before' : code === 'hash-mismatch' ? 'digest-differs' : code,
    units,
  };
}

function whenUploaded(
  at: Stamp,
  seed: Stamp | undefined,
  firstRead: Stamp | undefined,
): 'sealed-before' | 'changed-after' | 'no-seed-date' | 'time-undecided' {
  const before = seed === undefined ? undefined : isBefore(at, seed);
  if (before !== undefined) return before ? 'sealed-before' : 'changed-after';
  if (firstRead !== undefined && isBefore(at, firstRead) === false) return 'changed-after';
  return seed === undefined ? 'no-seed-date' : 'time-undecided';
}

/** Counties with cards in the sample, or a manifest at hand, whose manifest or cast vote records the list does not have. */
function notListed(files: ColoradoFiles, latest: readonly ColoradoUpload[]): ReplayUnit[] {
  const counties = new Set(files.activity.flatMap((a) => a.value.map((c) => c.county)));
  for (const { name, bytes } of files.manifests) {
    const manifest = readManifest(name, bytes);
    const county = manifest.ok ? manifest.value.batches[0]!.jurisdiction : '';
    if (county !== '' && ![...counties].some((c) => jurisdictionId(c) === jurisdictionId(county))) counties.add(county); // oxfmt-ignore
  }
  return [...counties].flatMap((name): ReplayUnit[] => {
    const own = latest.filter((u) => jurisdictionId(u.county) === jurisdictionId(name));
    return [
      ...(own.some(isManifest) ? [] : [{ name, code: 'manifest-not-listed' }]),
      ...(own.some((u) => !isManifest(u)) ? [] : [{ name, code: 'records-not-listed' }]),
    ];
  });
}
