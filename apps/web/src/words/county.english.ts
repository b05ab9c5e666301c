// The words of the counties’ pages, in English.
export const countyEnglish = {
  'nav.county': 'My county',
} as const;
