// What scripts know of the spec. The site's own values take the place of
// these, which are for tests.
export const config = {
  basePath: "/zstack/v1",
  // The releases in their order, without the one that nobody knows.
  releases: [],
};
