// `opencanvass verify RECORD`: reads a published record and computes everything in it again.
import { Command } from 'commander';
import { fromUtf8 } from '@opencanvass/evidence/bytes';
import { allChecks } from '@opencanvass/evidence/checks';
import { parseCheckpoint, parseNote, parseVerifierKey } from '@opencanvass/evidence/log';
import type { Checkpoint, VerifierKey } from '@opencanvass/evidence/log';
import type { ReadOptions } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import type { Verification } from '@opencanvass/evidence/verify';
import { nodeSha256, nodeVerifyEd25519 } from '@opencanvass/keeper';
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
      const verification = await verifyRecord(world, where, readOptions(world, options));
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
): Promise<Verification> {
  const fast = { sha256: nodeSha256, verify: nodeVerifyEd25519, ...options };
  const done = startProgress(world, `verifying ${where}`);
  try {
    const files = await openRecord(world, where, (asked) => void verify(asked, fast));
    return verify(files, fast);
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

function readOptions(world: World, { seen, key }: Options): ReadOptions {
  return {
    ...(seen === undefined ? {} : { seen: [checkpointIn(world, seen)] }),
    ...(key === undefined ? {} : { knownKeys: [keyFrom(world, key)] }),
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

function keyFrom(world: World, given: string): VerifierKey {
  const text = world.files.kind(given) === 'file' ? fromUtf8(world.files.read(given)) : given;
  const reading = parseVerifierKey((text ?? '').trim());
  if (!reading.ok)
    throw new Stop(
      status.wrongUsage,
      `--key ${given}: expected a verifier key name+id+base64, found ${reading.fault.code}`,
    );
  return reading.key;
}
