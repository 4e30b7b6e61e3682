//! What names turn out to be, and what stands in where there is none.

use camino::{Utf8Path, Utf8PathBuf};

use super::failure::{Failure, Trouble};
use super::range::{Name, Range};
use super::repository::Point;
use super::site::Site;
use super::{both, history, missing};

/// What stands on the two sides.
pub(super) struct Sides {
    pub(super) old: Side,
    pub(super) new: Side,
}

/// What a name turned out to be.
pub(super) enum Side {
    Commit(Point),
    /// A folder on the disk, and what it is called.
    Folder {
        name: Utf8PathBuf,
        label: String,
    },
}

impl Sides {
    pub(super) fn find(range: &Range, main: Option<&str>, site: &Site) -> Result<Self, Failure> {
        let base = range.base.as_ref().map(|it| Side::find(it, site)).transpose();
        let head = range.head.as_ref().map(|head| Side::find(head, site)).transpose();
        let (base, head) = both(base, head).map_err(Failure::git)?;
        if range.from_merge_base && [&base, &head].iter().any(|it| matches!(it, Some(Side::Folder { .. }))) {
            return Err(Failure::Usage(vec![
                Trouble::new("a folder has no history that `...` could follow").help("two dots compare it"),
            ]));
        }
        let old = Self::old(base, head.as_ref(), range, main, site);
        let new = head.map_or_else(|| Side::working_tree(site), Ok);
        let (old, new) = both(old, new).map_err(Failure::git)?;
        Ok(Self { old, new })
    }

    /// The base, or what stands in for it.
    fn old(
        base: Option<Side>,
        head: Option<&Side>,
        range: &Range,
        main: Option<&str>,
        site: &Site,
    ) -> Result<Side, Trouble> {
        let commit = match (base, head) {
            (Some(Side::Commit(base)), head) if range.from_merge_base => {
                let repo = site.repo()?;
                let head = match head {
                    Some(Side::Commit(head)) => head.clone(),
                    _ => history::head(repo)?,
                };
                history::merge_base(repo, &base, &head)?
            }
            (Some(base), _) => return Ok(base),
            (None, Some(Side::Commit(head))) => {
                let repo = site.repo()?;
                history::merge_base(repo, &history::main_branch(repo, main)?.tip, head)?
            }
            (None, _) => history::base_of_working_tree(site.repo()?, main)?,
        };
        Ok(Side::Commit(commit))
    }
}

impl Side {
    fn find(name: &Name, site: &Site) -> Result<Self, Trouble> {
        let name = match name {
            Name::Path(path) => return Ok(Self::folder(path)),
            Name::Revision(name) => name,
        };
        let folder = Utf8Path::new(name);
        let is_spec = site.at(folder).join("api.yaml").exists();
        let repo = match site.repo() {
            Err(_) if is_spec => return Ok(Self::folder(folder)),
            repo => repo?,
        };
        match repo.find(name)? {
            Some(point) => Ok(Self::Commit(point)),
            None if is_spec => Ok(Self::folder(folder)),
            None if site.at(folder).is_dir() => Err(missing::revision(repo, name)
                .note(format!("there is a folder {folder}, but it has no `api.yaml`"))),
            None => Err(missing::revision(repo, name)),
        }
    }

    fn folder(path: &Utf8Path) -> Self {
        Self::Folder { name: path.to_owned(), label: path.to_string() }
    }

    fn working_tree(site: &Site) -> Result<Self, Trouble> {
        // Outside of a repository, the folder is all there is.
        if site.repo().is_ok_and(|repo| repo.root.is_none()) {
            return Err(Trouble::new("a bare repository has no working tree to compare with")
                .help("name both versions: `BASE..HEAD`"));
        }
        Ok(Self::Folder { name: site.spec.clone(), label: "the working tree".to_owned() })
    }
}
