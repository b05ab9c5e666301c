// Lets the boards' screen load again without the network: boardWorker.ts holds its files.
export async function holdPages(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('/desk/boardWorker.js', { scope: '/desk/board', type: 'module' });
  } catch {
    // Without it, or in a window that keeps nothing, the screen works as long as it stays open.
  }
}
