// For browsers, imported before anything else: zod then makes no functions out of text, which a content security policy forbids and reports.
import { config } from 'zod';

config({ jitless: true });
