// `opencanvass verify RECORD`: reads a published record and computes everything in it again.
import { Command } from 'commander';
import { fromUtf8 } from '@opencanvass/evidence/bytes';
import { allChecks } from '@opencanvass/evidence/checks';
import { parseCheckpoint, parseNote, parseVerifierKey } from '@opencanvass/evidence/log';
import type { Checkpoint, VerifierKey } from '@opencanvass/evidence/log';
import type { ReadOptions } from '@opencanvass/evidence/record';
import { verify, verifyWithCvrs } from '@opencanvass/evidence/verify';
import type { Verification } from '@opencanvass/evidence/verify';
import { nodeSha256, nodeSha256Stream, nodeVerifyEd25519 } from '@opencanvass/keeper';
import { printCheck, printVerification, statusOf, verificationJson } from './print.ts';
import { startProgress } from './progress.ts';
import { openRecord } from './recordSource.ts';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import type { World } from './world.ts';

interface Options {
  readonly json?: true;
  readonly check?: string;
  readonly seen?: string;
  readonly key?: string;
  readonly witness?: readonly string[];
  readonly cvrs: boolean;
}

export const verifyCommand = (world: World, end: (to: Status) => void): Command =>
  new Command('verify')
    .description('Checks the whole of a published record: the log, the files, the counts, the claims.')
    .argument('RECORD', 'a folder, that folder as one zip, or an http(s) address')
    .option('--json', 'print everything as JSON')
    .option('--check <ID>', 'print one check in full, with every unit concerned')
    .option('--seen <CHECKPOINT>', 'a checkpoint of this log that you kept from an earlier time (a file)')
    .option(
      '--key <VKEY>',
      'the key of the log, as you know it from elsewhere: its text, or a file that holds it',
    )
    .option(
      '--witness <VKEY...>',
      'keys of witnesses, as you know them from elsewhere: one of them must have cosigned',
    )
    .option('--no-cvrs', 'leave the cast vote records unread: what rests on them cannot be told')
    .addHelpText(
      'after',
      `
Examples:
  opencanvass verify cases/georgia-2020/record
  opencanvass verify georgia-2020.zip --check batch-names-folded
  opencanvass verify https://example.org/elections/2026 --seen checkpoint-of-last-week
`,
    )
    .action(async (where: string, options: Options) => {
      if (options.check !== undefined) knownCheck(options.check);
      const verification = await verifyRecord(world, where, readOptions(world, options), options.cvrs);
      if (options.json === true) world.stdout.write(verificationJson(verification));
      else if (options.check !== undefined) printCheck(world.stdout, options.check, verification);
      else printVerification(world.stdout, verification);
      end(statusOf(verification));
    });

/** Reads the record at `where` and verifies it, telling a waiting person what is being done. */
export async function verifyRecord(
  world: World,
  where: string,
  options: ReadOptions = {},
  cvrs = true,
): Promise<Verification> {
  const fast = {
    sha256: nodeSha256,
    sha256Stream: nodeSha256Stream,
    verify: nodeVerifyEd25519,
    ...options,
  };
  const done = startProgress(world, `verifying ${where}`);
  try {
    const files = await openRecord(world, where, (asked) => void verify(asked, fast), 'in pieces');
    return await (cvrs ? verifyWithCvrs(files, fast) : verify(files, fast));
  } finally {
    done();
  }
}

/** Stops where there is no check of this name, or none that the command makes. */
export function knownCheck(id: string, among: readonly { readonly id: string }[] = allChecks): void {
  const all = among.map((check) => check.id);
  if (!all.includes(id))
    throw new Stop(status.wrongUsage, `there is no check ${id}; the checks are:\n  ${all.join('\n  ')}`);
}

function readOptions(world: World, { seen, key, witness }: Options): ReadOptions {
  return {
    ...(seen === undefined ? {} : { seen: [checkpointIn(world, seen)] }),
    ...(key === undefined ? {} : { knownKeys: [keyFrom(world, '--key', key, 'ed25519')] }),
    ...(witness === undefined
      ? {}
      : { witnessKeys: witness.map((w) => keyFrom(world, '--witness', w, 'cosignature')) }),
  };
}

function checkpointIn(world: World, path: string): Checkpoint {
  if (world.files.kind(path) !== 'file')
    throw new Stop(status.inputNotFound, `${path} is not there; --seen takes a file`);
  const note = parseNote(world.files.read(path));
  const reading = note.ok ? parseCheckpoint(note.note.text) : note;
  if (!reading.ok)
    throw new Stop(
      status.inputRefused,
      `${path}: expected a checkpoint as the log signed it, found ${reading.fault.code}; give the file named checkpoint of a record that you kept`,
    );
  return reading.checkpoint;
}

/** What is wrong with a key, in words for who typed it. */
const keyFaults: Readonly<Record<string, string>> = {
  'key-malformed': 'something that is not written so',
  'key-type-unknown': 'a key of another kind than Ed25519',
  'key-not-ed25519': 'bytes that are no Ed25519 key',
  'key-id-differs': 'an id that is not that of this name and key: a character is wrong in one of them',
};

function keyFrom(world: World, option: string, given: string, type: VerifierKey['type']): VerifierKey {
  const isFile = world.files.kind(given) === 'file';
  const text = (isFile ? fromUtf8(world.files.read(given)) : given)?.trim() ?? '';
  const wrong = (found: string): Stop =>
    new Stop(
      status.wrongUsage,
      `${option} ${given}: expected a key as its owner publishes it, name+id+base64, or a file that holds one, found ${found}`,
    );
  const reading = parseVerifierKey(text);
  if (!reading.ok && !isFile && !text.includes('+')) throw wrong('neither: there is no such file');
  if (!reading.ok) throw wrong(keyFaults[reading.fault.code] ?? reading.fault.code);
  if (reading.key.type !== type)
    throw wrong(
      type === 'ed25519' ? 'a witness’s key; give it with --witness' : 'a log’s key; give it with --key',
    );
  return reading.key;
}
