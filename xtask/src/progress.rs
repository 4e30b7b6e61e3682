//! A progress line on the terminal.

use std::io::{self, IsTerminal as _, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Commands that end sooner show no progress.
const DELAY: Duration = Duration::from_secs(1);

/// A line on the terminal that names the current step of a command that takes longer than a second.
/// Dropping it clears the line.
pub(crate) struct Progress {
    /// `None` without a terminal.
    shown: Option<(Sender<String>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts progress on standard error, if that is a terminal.
    pub(crate) fn new() -> Self {
        if io::stderr().is_terminal() { Self::on(io::stderr(), DELAY) } else { Self { shown: None } }
    }

    fn on(out: impl Write + Send + 'static, delay: Duration) -> Self {
        let (sender, steps) = mpsc::channel();
        let due = Instant::now() + delay;
        let thread = std::thread::spawn(move || {
            // The command goes on when the terminal cannot be written.
            let _ = show(out, due, &steps);
        });
        Self { shown: Some((sender, thread)) }
    }

    /// Shows the next step.
    pub(crate) fn step(&self, name: impl Into<String>) {
        if let Some((sender, _)) = &self.shown {
            let _ = sender.send(name.into());
        }
    }
}

fn show(mut out: impl Write, due: Instant, steps: &mpsc::Receiver<String>) -> io::Result<()> {
    /// Moves to the beginning of the line and clears it.
    const CLEAR: &str = "\r\x1b[K";
    let mut step = String::new();
    loop {
        let wait = due.saturating_duration_since(Instant::now());
        let is_shown = wait.is_zero();
        let next = if is_shown {
            steps.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            steps.recv_timeout(wait)
        };
        match next {
            Ok(next) => step = next,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) if is_shown => return write!(out, "{CLEAR}"),
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        if Instant::now() >= due {
            write!(out, "{CLEAR}{step} …")?;
            out.flush()?;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.shown.take() {
            drop(sender);
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Terminal(Arc<Mutex<Vec<u8>>>);

    impl Write for Terminal {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn run_steps(delay: Duration, pause: Duration) -> String {
        let terminal = Terminal::default();
        let progress = Progress::on(terminal.clone(), delay);
        progress.step("reading");
        std::thread::sleep(pause);
        progress.step("writing");
        drop(progress);
        let bytes = terminal.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn hides_steps_of_short_commands() {
        assert_eq!(run_steps(Duration::from_secs(600), Duration::ZERO), "");
    }

    #[test]
    fn shows_and_clears_steps_of_long_commands() {
        let text = run_steps(Duration::from_millis(5), Duration::from_millis(100));
        assert_eq!(text, "\r\x1b[Kreading …\r\x1b[Kwriting …\r\x1b[K");
    }
}
