//! The log, on the standard error: programs read the standard output.

use std::io::IsTerminal as _;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;
use tracing_subscriber::{fmt, registry};

use crate::cli::LogFormat;

/// Starts the log. `RUST_LOG` sets its level, such as `warn` or
/// `info,zstack_runtime=debug`; without it, the level is `info`.
pub(crate) fn start(format: LogFormat) {
    let directives = std::env::var("RUST_LOG").unwrap_or_default();
    let layer = fmt::layer().with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
    let log = registry().with(filter(&directives));
    // Fails only if a log is already set up.
    let _ = match format {
        LogFormat::Text => log.with(layer).try_init(),
        LogFormat::Json => log.with(layer.json()).try_init(),
    };
}

/// Parses directives into a filter; invalid ones are ignored.
fn filter(directives: &str) -> Targets {
    let directives = directives.split(',').map(str::trim).filter(|text| !text.is_empty());
    let parsed: Vec<Targets> = directives.filter_map(|text| text.parse().ok()).collect();
    if parsed.is_empty() {
        return Targets::new().with_default(LevelFilter::INFO);
    }
    parsed.into_iter().fold(Targets::new(), |filter, directive| {
        let filter = match directive.default_level() {
            Some(level) => filter.with_default(level),
            None => filter,
        };
        filter.with_targets(directive)
    })
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::filter::LevelFilter;

    use super::filter;

    #[test]
    fn directives_set_levels() {
        for (directives, default, runtime) in [
            ("", LevelFilter::INFO, LevelFilter::INFO),
            ("warn", LevelFilter::WARN, LevelFilter::WARN),
            ("WARN, zstack_runtime=debug", LevelFilter::WARN, LevelFilter::DEBUG),
            ("zstack_runtime=debug", LevelFilter::OFF, LevelFilter::DEBUG),
            ("warn,zstack_runtime=loud", LevelFilter::WARN, LevelFilter::WARN),
            ("zstack_runtime=loud,", LevelFilter::INFO, LevelFilter::INFO),
            ("off", LevelFilter::OFF, LevelFilter::OFF),
        ] {
            let filter = filter(directives);
            for (target, level) in [("other", default), ("zstack_runtime::server", runtime)] {
                let levels = [LevelFilter::ERROR, LevelFilter::WARN, LevelFilter::INFO, LevelFilter::DEBUG];
                for enabled in levels.into_iter().filter_map(|level| level.into_level()) {
                    let expected = enabled <= level;
                    assert_eq!(filter.would_enable(target, &enabled), expected, "{directives}: {target}");
                }
            }
        }
    }
}
