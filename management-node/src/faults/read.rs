//! Reading of faults in requests.

use serde_json::Value;
use zstack_runtime::{Execution, Operation};

use super::delay::Delay;
use super::fault::{ALL, Fault, Header, InjectedError};
use crate::exchange::Cut;
use crate::object::Object;
use crate::suggest::closest_name;

/// The maximum length of an operation name for which a similar one is suggested, in bytes.
const MAX_NAME_BYTES: usize = 100;

/// The maximum delay, in milliseconds: a day.
const MAX_DELAY: u64 = 86_400_000;

/// The forms of a delay.
const DELAY_FORM: &str = "a number of milliseconds from 0 to 86400000, or an object with `uniform`, `normal` or \
                          `exponential`";

/// The effects that make a fault.
const EFFECTS: &str = "a fault needs an effect: `delay` (milliseconds), `hold` or `hang` (true), `error` (an object with a \
                       `code`), `status` (of HTTP), `cut` (beforeAnswer or midAnswer), `loseWebhook` (true), or \
                       `disconnect` (a host or storage)";

/// Reads a fault, or returns all problems of the body.
pub(crate) fn read(body: &str, operations: &[&'static Operation]) -> Result<Fault, Vec<String>> {
    let mut problems = Vec::new();
    let mut object = Object::of_body(body, &mut problems);
    let mut fault = Fault {
        resource: object.text("resource"),
        account: object.text("account"),
        header: read_header(&mut object),
        from: object.integer("from", 1..=u64::MAX).unwrap_or(1),
        every: object.integer("every", 1..=u64::MAX).unwrap_or(1),
        probability: object.number("probability", 0.0..=1.0),
        seed: object.integer("seed", 0..=u64::MAX),
        delay: read_delay(&mut object),
        hold: object.flag("hold"),
        hang: object.flag("hang"),
        error: read_error(&mut object),
        status: object.integer("status", 200..=599).and_then(|status| u16::try_from(status).ok()),
        body: object.text("body"),
        cut: read_cut(&mut object),
        lose_webhook: object.flag("loseWebhook"),
        disconnect: object.text("disconnect"),
        ..Fault::default()
    };
    let operation = object.text("operation");
    fault.calls = read_calls(&mut object, &fault);
    object.finish();
    // Further problems would only be consequences.
    if problems.iter().any(|problem| problem.starts_with("the body is invalid")) {
        return Err(problems);
    }
    check_operation(&mut fault, operation, operations, &mut problems);
    check_effects(&fault, &mut problems);
    if problems.is_empty() { Ok(fault) } else { Err(problems) }
}

fn read_calls(object: &mut Object<'_>, fault: &Fault) -> Option<u64> {
    match object.take("calls") {
        None if fault.every > 1 || fault.probability.is_some() => None,
        None => Some(1),
        Some(Value::String(text)) if text == "all" => None,
        Some(value) => {
            let calls = value.as_u64().filter(|calls| *calls > 0);
            if calls.is_none() {
                object.must_be("calls", "at least 1, or `all`", &value);
            }
            calls
        }
    }
}

fn read_header(object: &mut Object<'_>) -> Option<Header> {
    let mut header = object.object("header", "an object with a `name`, and a `value` or none")?;
    let (name, value) = (header.text("name"), header.text("value"));
    if name.is_none() {
        header.problem("name", "is missing: the name of a header");
    }
    header.finish();
    Some(Header { name: name?.to_ascii_lowercase(), value })
}

fn read_error(object: &mut Object<'_>) -> Option<InjectedError> {
    let mut error = object.object("error", "an object with a `code` such as SYS.1006")?;
    let code = error.text("code");
    let (description, details) = (error.text("description"), error.text("details"));
    if code.is_none() {
        error.problem("code", "is missing: an error code such as SYS.1006");
    }
    error.finish();
    Some(InjectedError { code: code?, description, details })
}

fn read_cut(object: &mut Object<'_>) -> Option<Cut> {
    let value = object.take("cut")?;
    match value.as_str() {
        Some("beforeAnswer") => Some(Cut::BeforeAnswer),
        Some("midAnswer") => Some(Cut::MidAnswer),
        _ => {
            object.must_be("cut", "beforeAnswer or midAnswer", &value);
            None
        }
    }
}

fn read_delay(object: &mut Object<'_>) -> Option<Delay> {
    if !object.is_object("delay") {
        let value = object.take("delay")?;
        let millis = value.as_u64().filter(|millis| *millis <= MAX_DELAY);
        if millis.is_none() {
            object.must_be("delay", DELAY_FORM, &value);
        }
        return millis.map(Delay::Fixed);
    }
    let mut delay = object.object("delay", DELAY_FORM)?;
    let mut found = Vec::new();
    for name in ["uniform", "normal", "exponential"] {
        let Some(mut options) = delay.object(name, "an object with numbers of milliseconds") else {
            continue;
        };
        found.extend(read_distribution(name, &mut options));
        options.finish();
    }
    if found.len() > 1 {
        delay.problem("uniform", "and other distributions exclude each other; keep one");
    }
    delay.finish();
    found.pop()
}

fn read_distribution(name: &str, options: &mut Object<'_>) -> Option<Delay> {
    let limit = 0.0..=86_400_000.0;
    let mut required = |name| {
        let number = options.number(name, limit.clone());
        if number.is_none() {
            options.problem(name, "is required: a number of milliseconds");
        }
        number
    };
    let delay = match name {
        "uniform" => {
            let (min, max) = (required("min"), required("max"));
            Delay::Uniform { min: min?, max: max? }
        }
        "normal" => {
            let (mean, deviation) = (required("mean"), required("deviation"));
            let (min, max) = (options.number("min", limit.clone()), options.number("max", limit));
            let (min, max) = (min.unwrap_or(0.0), max.unwrap_or(86_400_000.0));
            Delay::Normal { mean: mean?, deviation: deviation?, min, max }
        }
        _ => {
            let mean = required("mean");
            let (min, max) = (options.number("min", limit.clone()), options.number("max", limit));
            Delay::Exponential { mean: mean?, min: min.unwrap_or(0.0), max: max.unwrap_or(86_400_000.0) }
        }
    };
    let (Delay::Uniform { min, max } | Delay::Normal { min, max, .. } | Delay::Exponential { min, max, .. }) =
        delay
    else {
        return Some(delay);
    };
    if min > max {
        options.problem("min", &format!("must be at most `max`; got {min} and {max}"));
        return None;
    }
    Some(delay)
}

fn check_operation(
    fault: &mut Fault,
    operation: Option<String>,
    operations: &[&'static Operation],
    problems: &mut Vec<String>,
) {
    let Some(name) = operation else {
        let is_reported = problems.iter().any(|problem| problem.starts_with("`operation`"));
        if fault.disconnect.is_none() && !is_reported {
            problems.push(
                "`operation` is missing: the name of an operation, such as AttachIsoToVmInstance, or `*` for all of them"
                    .to_owned(),
            );
        }
        return;
    };
    fault.operation.clone_from(&name);
    if fault.disconnect.is_some() {
        problems.push("`operation` and `disconnect` exclude each other; add two faults".to_owned());
    }
    if name == ALL {
        return;
    }
    let Some(found) = operations.iter().find(|operation| operation.name == name) else {
        problems.push(unknown_operation(&name, operations));
        return;
    };
    for (key, is_set) in [("hang", fault.hang), ("loseWebhook", fault.lose_webhook)] {
        if is_set && found.execution != Execution::Async {
            problems
                .push(format!("`{key}` needs a long operation, which has jobs; {name} is answered at once"));
        }
    }
}

fn unknown_operation(name: &str, operations: &[&'static Operation]) -> String {
    let names = operations.iter().map(|operation| operation.name);
    let nearest = if name.len() > MAX_NAME_BYTES { None } else { closest_name(name, names) };
    let nearest = nearest.map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?"));
    let shown: String = name.chars().take(MAX_NAME_BYTES).collect();
    format!(
        "`operation` must be the name of an operation, such as AttachIsoToVmInstance, or `*`; got `{shown}`{nearest}; \
         `zstack-node coverage` lists all of them"
    )
}

fn check_effects(fault: &Fault, problems: &mut Vec<String>) {
    let on_calls = [
        ("delay", fault.delay.is_some()),
        ("hold", fault.hold),
        ("hang", fault.hang),
        ("error", fault.error.is_some()),
        ("status", fault.status.is_some()),
        ("cut", fault.cut.is_some()),
        ("loseWebhook", fault.lose_webhook),
        ("resource", fault.resource.is_some()),
        ("account", fault.account.is_some()),
        ("header", fault.header.is_some()),
        ("probability", fault.probability.is_some()),
    ];
    let has = |name| on_calls.iter().any(|(known, is_set)| *known == name && *is_set);
    if fault.disconnect.is_some() {
        for (name, _) in on_calls.iter().filter(|(_, is_set)| *is_set) {
            problems.push(format!("`{name}` and `disconnect` exclude each other; add two faults"));
        }
    } else if !on_calls[..7].iter().any(|(_, is_set)| *is_set) && problems.is_empty() {
        problems.push(EFFECTS.to_owned());
    }
    for (one, other) in [("hold", "hang"), ("error", "status"), ("hang", "status")] {
        if has(one) && has(other) {
            problems.push(format!("`{one}` and `{other}` exclude each other; keep one, or add two faults"));
        }
    }
    if fault.body.is_some() && fault.status.is_none() {
        problems.push("`body` needs a `status`: it is the body of that response".to_owned());
    }
    if fault.seed.is_some() && !fault.uses_chance() {
        problems.push("`seed` needs a `probability`, or a `delay` with a distribution".to_owned());
    }
}
