/** One thing that a live server has not as it is declared. */
export interface Finding {
  /** What it is about, such as `rule group "shop-alerts"`. */
  what: string;
  /** How it is. */
  got: string;
  fix: string;
}
