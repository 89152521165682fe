/**
 * How many issues of the items of a list, or of the entries of a map, are told. A request has room for half a million
 * wrong ones, and nobody reads them all.
 */
export const maxIssues = 100;
