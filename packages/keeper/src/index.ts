export const name = 'keeper';
