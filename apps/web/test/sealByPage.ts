// A county's manager gives the county's files to the desk by its page, where they are checked against each other, and seals them.
import type { Page } from 'playwright';
import { signBy } from './deskProcess.ts';

export interface CountyFile {
  /** The heading of its field on the page. */
  readonly title: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Resolves once they are sealed; what was shown to be signed. Files that replace sealed ones are sealed again, with the reason. */
export async function sealByPage(page: Page, files: readonly CountyFile[], reason?: string): Promise<string> {
  await page.goto('/desk/county/files');
  for (const { title, name, bytes } of files) {
    const region = page.getByRole('region', { name: title });
    await region
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(bytes) });
    await region.getByText('not sealed yet').waitFor();
  }
  await page.getByText('The files agree with each other').waitFor();
  if (reason !== undefined) await page.getByLabel('Why the files are replaced').fill(reason);
  const words = await signBy(
    page,
    reason === undefined ? 'Seal these files' : 'Seal again, with other files',
  );
  await page.getByText('These files are sealed.').waitFor();
  return words;
}
