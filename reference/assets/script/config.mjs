// Facts of the spec that scripts need. The site replaces these values, which
// are for tests.
export const config = {
  basePath: "/zstack/v1",
  // The releases, oldest first, without the unknown one.
  releases: [],
};
