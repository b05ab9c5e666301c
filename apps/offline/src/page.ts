export const title = 'OpenCanvass';
