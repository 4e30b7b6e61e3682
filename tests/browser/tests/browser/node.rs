//! A node with the built-in sample inventory, in this process, on a free port.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use zstack_node::app::{App, Settings};
use zstack_node::clock::{Clock, SystemClock};
use zstack_node::model::Moment;

/// The system clock, plus an offset that tests set.
#[derive(Default)]
struct LaterClock(AtomicI64);

impl Clock for LaterClock {
    fn now(&self) -> Moment {
        Moment::from_millis(SystemClock.now().millis() + self.0.load(Ordering::SeqCst))
    }
}

/// A running node.
pub(crate) struct Node {
    /// Without a final slash.
    pub(crate) url: String,
    clock: Arc<LaterClock>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Node {
    pub(crate) async fn start() -> Self {
        let clock = Arc::new(LaterClock::default());
        let mut settings = Settings::default();
        settings.sample = true;
        let app = App::open_at(settings, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(app.serve(listener, async {
            let _ = stopped.await;
        }));
        Self { url, clock, stop, serving }
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Lets all sessions end.
    pub(crate) fn end_sessions(&self) {
        self.clock.0.fetch_add(100 * 24 * 3600 * 1000, Ordering::SeqCst);
    }

    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap();
    }
}

/// UUIDs of the sample inventory.
pub(crate) mod sample {
    pub(crate) const WEB_1: &str = "d0000000000040008000000000000001";
    pub(crate) const WEB_1_DRIVE: &str = "cd000000000040008000000000000011";
    pub(crate) const RESCUE: &str = "15000000000040008000000000000001";
    pub(crate) const DEBIAN: &str = "15000000000040008000000000000003";
}
