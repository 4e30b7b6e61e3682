use tracing::Span;

/// Adds a field to the span of the current request. Its value is computed only
/// if there is a subscriber.
pub(crate) fn record<'v>(field: &'static str, value: impl FnOnce() -> &'v str) {
    let span = Span::current();
    if !span.is_disabled() {
        span.record(field, value());
    }
}
