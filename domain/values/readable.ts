/** Whether a reader accepts a text: it refuses with a RangeError. */
export function readable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
