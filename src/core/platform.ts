/** The extension that stands for what a hosting platform brings along; it is in shadows only. */
export const PLATFORM = "nself_platform"
