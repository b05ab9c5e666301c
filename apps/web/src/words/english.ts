// The words of the pages in English. Plain first; the field's own words. What checks and endings are called stands in evidence's sentences.
import { boardEnglish } from './board.english.ts';
import { countyEnglish } from './county.english.ts';
import { problemsEnglish } from './problems.english.ts';

export const english = {
  // ── around every page ──
  skip: 'Skip to the main content',
  'nav.label': 'Places',
  'nav.audit': 'The audit',
  'nav.key': 'My key',
  foot: 'Every act done here is an entry of the election record, which anyone can check.',
  loading: 'Loading…',
  cancel: 'Cancel',
  signOut: 'Sign out',
  notYours: 'This page is for another role than yours.',
  'notFound.title': 'There is no such page',
  'notFound.lead': 'The address leads nowhere on this desk.',
  'notFound.back': 'To the audit',
  'file.drop': 'Choose a file, or drop it here',
  'file.size': '{kb} kB',
  line: 'line {line}',
  progress: '{done} of {all}',
  'step.complete': 'done',
  'step.current': 'now',
  'step.coming': 'still to come',
  'role.state administrator': 'state administrator',
  'role.county manager': 'county manager',
  'role.audit board': 'audit board',
  'role.canvass board': 'canvass board',
  'role.observer': 'observer',
  'role.public': 'public',

  // ── signing in ──
  'signIn.title': 'Sign in',
  'signIn.lead': 'For the people who conduct, certify and observe this audit.',
  'signIn.login': 'Login',
  'signIn.password': 'Password',
  'signIn.code': 'Six digits',
  'signIn.codeHint': 'From your authenticator. Each is good once, for half a minute.',
  'signIn.act': 'Sign in',

  // ── one's own key, and signing ──
  'key.title': 'My signing key',
  'key.lead':
    'Acts that bind, such as a seal, the seed or the certificate, carry your own signature. The key for it is yours: it stays in this browser, and the desk never has it.',
  'key.id': 'The id of your key',
  'key.authorised': 'on the record: you can sign',
  'key.waiting': 'waits for the state administrator',
  'key.readOut':
    'Read the id out to the state administrator, on the telephone or in person. It goes on the record once both have compared it.',
  'key.another': 'The desk knows another key of yours than this browser has.',
  'key.tell': 'Tell the desk this key',
  'key.elsewhere':
    'Your key is on the record, but not in this browser. Sign in where you made it, or open your key file here.',
  'key.make': 'Make a key',
  'key.makeLead':
    'With a key file you can sign from another browser too, should this one be lost. Without it, a lost browser is a lost key, and the state administrator must make you a new account.',
  'key.passphrase': 'Passphrase of the key file',
  'key.passphraseHint': 'At least 12 characters. Nobody can tell it to you again.',
  'key.passphraseShort': 'At least 12 characters, please.',
  'key.makeAndSave': 'Make the key and save a file',
  'key.makeOnly': 'Make the key without a file',
  'key.haveFile': 'I have a key file',
  'key.file': 'Key file',
  'key.open': 'Open the key file',
  'sign.title': 'What you are about to sign',
  'sign.noKey': 'To sign you need a key of your own in this browser.',
  'sign.keyWaiting':
    'Your key waits for the state administrator, who compares its id with what you read out.',
  'sign.toKey': 'To my key',
  'sign.checked':
    'Your browser has checked that the act holds the digest of exactly these words. Once signed it stands on the record; it is never undone, only followed by a correction.',
  'sign.sign': 'Sign as {who}',
  'kind.manifest sealed': 'The ballot manifest is sealed',
  'kind.CVRs sealed': 'The machines’ figures are sealed',
  'kind.seed drawn': 'The seed is drawn',
  'kind.correction': 'A correction',
  'kind.certificate signed': 'The certificate',
  'body.jurisdiction': 'County',
  'body.contest': 'Contest',
  'body.entries': 'Entries of the record',
  'body.file': 'File',
  'body.sha256': 'Its SHA-256',
  'body.rowsRead': 'Rows read',
  'body.counts': 'It counts',
  'body.batches': 'Batches',
  'body.size': 'Cards or ballots in all',
  'body.of': 'What it is',
  'body.seed': 'Seed',
  'body.how': 'How it was made',
  'body.witnesses': 'Witnesses',
  'body.reason': 'Reason',
  'body.words': 'In words',
  'body.contests': 'Contests',
  'body.ending': 'What the audit came to',
  'body.winners': 'Elected',

  // ── the audit ──
  'audit.title': 'The audit',
  'audit.lead': 'All of it on one page: what is done, what is missing, and by whom.',
  'step.set up': 'Set up',
  'step.seal the inputs': 'Seal the inputs',
  'step.announce contests and risk limits': 'Announce contests and risk limits',
  'step.draw the seed': 'Draw the seed',
  'step.draw the sample': 'Draw the sample',
  'step.read the paper': 'Read the paper',
  'step.assess the round': 'Assess the round',
  'step.full hand count': 'Full hand count',
  'step.sign off': 'Sign off',
  'step.signed off': 'Signed off',

  ...boardEnglish,
  ...countyEnglish,
  ...problemsEnglish,
} as const;

export type Key = keyof typeof english;
