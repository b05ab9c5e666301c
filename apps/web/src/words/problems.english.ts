// Why the desk refused, in English: a sentence to each fixed word, saying what to do where something can be done.
export const problemsEnglish = {
  'problem.unknown':
    'The desk refused this and gave no reason that this page knows. Reload the page and try again.',
  'problem.sign-in-failed': 'Login, password or digits are wrong. Digits are good once: wait for the next.',
  'problem.reader': 'Expected {expected}; found {found}.',
  'problem.no-connection':
    'The desk cannot be reached. Check the network and try again; nothing was changed.',
  'problem.no-answer-of-ours': 'What came back is not an answer of the desk. Reload the page and try again.',
  'problem.key-file-not-opened':
    'The key file could not be opened: it is another login’s, or the passphrase is another.',
  'problem.words-differ-from-act':
    'The words shown are not those that the act to be signed holds. Nothing was signed. Tell whoever keeps the server.',
} as const;
