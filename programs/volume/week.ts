/** Prefix of one week's chunks below a backup's prefix. Weeks are those of ISO 8601, whose Thursday decides the year. */
export function chunksOf(date: Date): string {
  const thursday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * 86_400_000));
  return `data/chunks/${year}-W${String(week).padStart(2, "0")}/`;
}
