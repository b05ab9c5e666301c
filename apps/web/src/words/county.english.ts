// The words of the counties' pages and of the audit boards' screen, in English.
export const countyEnglish = {
  'nav.county': 'My county',
} as const;
