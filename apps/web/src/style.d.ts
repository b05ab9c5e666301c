// The style, as the build compiles it from style.scss.
declare module 'desk-style.css';
