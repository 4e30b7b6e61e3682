//! Schedules: when triggers start jobs, and the operations of jobs.

use std::str::FromStr as _;

use jiff::tz::TimeZone;
use jiff_cron::Schedule;
use serde_json::{Map, Value, json};

use crate::model::{Document, Moment};
use crate::rules::errors::{self, Verdict};

/// A kind of scheduler job: its type, the class that does the work on the platform, the operation, and
/// the parameter with the UUID of the target.
pub(crate) struct Kind {
    name: &'static str,
    class: &'static str,
    operation: &'static str,
    target: &'static str,
}

const fn kind(
    name: &'static str,
    class: &'static str,
    operation: &'static str,
    target: &'static str,
) -> Kind {
    Kind { name, class, operation, target }
}

/// The kinds with an operation that the node performs. Jobs of other types fail.
const KINDS: [Kind; 6] = [
    kind("startVm", "org.zstack.scheduler.vm.StartVmInstanceJob", "StartVmInstance", "uuid"),
    kind("stopVm", "org.zstack.scheduler.vm.StopVmInstanceJob", "StopVmInstance", "uuid"),
    kind("rebootVm", "org.zstack.scheduler.vm.RebootVmInstanceJob", "RebootVmInstance", "uuid"),
    kind(
        "volumeSnapshot",
        "org.zstack.scheduler.snapshot.CreateVolumeSnapshotJob",
        "CreateVolumeSnapshot",
        "volumeUuid",
    ),
    kind(
        "volumeSnapshotGroup",
        "org.zstack.scheduler.snapshot.CreateVolumeSnapshotGroupJob",
        "CreateVolumeSnapshotGroup",
        "rootVolumeUuid",
    ),
    kind(
        "databaseBackup",
        "org.zstack.scheduler.backup.CreateDatabaseBackupJob",
        "CreateDatabaseBackup",
        "uuid",
    ),
];

/// The private field of a job with its type.
pub(crate) const TYPE: &str = "_type";

/// The private field of a link between a job and a trigger with the time of the last run, in
/// milliseconds.
pub(crate) const LAST_RUN: &str = "_lastRun";

/// The private field of a link with the number of runs.
pub(crate) const RUNS: &str = "_runs";

/// The private field of a link that has to run once, whatever the trigger says.
pub(crate) const RUN_NOW: &str = "_runNow";

/// The class of a type of jobs, if it is known.
pub(crate) fn class_of(name: &str) -> Option<&'static str> {
    KINDS.iter().find(|kind| kind.name == name).map(|kind| kind.class)
}

/// The operation of a job with its parameters; `None` if the node cannot do this work.
pub(crate) fn operation_of(job: &Document, now: Moment) -> Option<(&'static str, Map<String, Value>)> {
    let kind = KINDS.iter().find(|kind| Some(kind.name) == job.text(TYPE))?;
    let name = format!("{}-{}", job.text("name").unwrap_or_default(), now.millis() / 1000);
    let settings = job.text("jobData").and_then(|data| serde_json::from_str(data).ok());
    let mut parameters: Map<String, Value> = settings.unwrap_or_default();
    parameters.entry("name").or_insert_with(|| name.into());
    parameters.insert(kind.target.to_owned(), job.text("targetResourceUuid").into());
    Some((kind.operation, parameters))
}

/// Checks the times of a trigger.
pub(crate) fn check(trigger: &Document) -> Verdict<()> {
    let problem = match trigger.text("schedulerType") {
        Some("cron") => match trigger.text("cron").map(Schedule::from_str) {
            Some(Ok(_)) => return Ok(()),
            Some(Err(error)) => {
                format!("[cron] is not a cron expression with seconds, such as `0 30 2 * * ?`: {error}.")
            }
            None => "[cron] is missing; a trigger of the type cron needs it.".to_owned(),
        },
        _ if trigger.number("schedulerInterval").is_some_and(|seconds| seconds > 0) => return Ok(()),
        _ => "[schedulerInterval] is missing; a trigger of the type simple needs it.".to_owned(),
    };
    Err(errors::invalid_argument(problem))
}

/// Returns whether a trigger has to start the job of a link at a moment. Runs that were missed count as
/// one.
pub(crate) fn is_due(link: &Document, trigger: &Document, now: Moment, zone: &TimeZone) -> bool {
    if link.fields.get(RUN_NOW) == Some(&json!(true)) {
        return true;
    }
    let limit = trigger.number("repeatCount").unwrap_or(0);
    if limit > 0 && link.number(RUNS).unwrap_or(0) >= limit {
        return false;
    }
    // The first run can be at the moment of the link.
    let last = link.number(LAST_RUN);
    let last = last.or_else(|| link.number("createDate").map(|created| created - 1)).unwrap_or(0);
    next_run(trigger, last, zone).is_some_and(|next| next <= now.millis())
}

/// The time of the first run after another time, in milliseconds.
fn next_run(trigger: &Document, after: i64, zone: &TimeZone) -> Option<i64> {
    let start = trigger.number("startTime").or_else(|| trigger.number("createDate")).unwrap_or(0);
    let next = if trigger.text("schedulerType") == Some("cron") {
        let schedule = Schedule::from_str(trigger.text("cron")?).ok()?;
        let after = Moment::from_millis(after.max(start - 1)).instant().to_zoned(zone.clone());
        schedule.after(after).next()?.timestamp().as_millisecond()
    } else {
        let interval =
            trigger.number("schedulerInterval")?.checked_mul(1000).filter(|interval| *interval > 0)?;
        // The number of runs up to then.
        let runs = if after < start { 0 } else { (after - start) / interval + 1 };
        start.checked_add(runs.checked_mul(interval)?)?
    };
    trigger.number("stopTime").is_none_or(|stop| next <= stop).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(fields: Value) -> Document {
        Document {
            uuid: String::new(),
            kind: String::new(),
            base: String::new(),
            revision: 0,
            fields: fields.as_object().cloned().unwrap().into(),
        }
    }

    #[test]
    fn simple_triggers_repeat() {
        let trigger = |repeat: i64| {
            document(json!({
                "schedulerType": "simple", "schedulerInterval": 60, "startTime": 10_000, "repeatCount": repeat,
            }))
        };
        let link = |fields: Value| document(fields);
        let due = |repeat, fields, now| {
            is_due(&link(fields), &trigger(repeat), Moment::from_millis(now), &TimeZone::UTC)
        };
        let new = || json!({"createDate": 10_000});
        assert!(!due(0, new(), 9_999) && due(0, new(), 10_000) && due(0, new(), 500_000));
        let ran = |runs: i64, last: i64| json!({"createDate": 0, RUNS: runs, LAST_RUN: last});
        assert!(!due(0, ran(1, 10_000), 69_999) && due(0, ran(1, 10_000), 70_000));
        assert!(!due(0, ran(2, 200_000), 249_999) && due(0, ran(2, 200_000), 250_000));
        assert!(due(2, ran(1, 10_000), 70_000) && !due(2, ran(2, 70_000), 1_000_000));
        assert!(due(1, json!({"createDate": 0, RUNS: 1, RUN_NOW: true}), 0));
    }

    #[test]
    fn cron_triggers_follow_the_zone() {
        let trigger = |cron: &str| document(json!({"schedulerType": "cron", "cron": cron, "createDate": 0}));
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let hour = 3_600_000;
        assert_eq!(next_run(&trigger("0 30 2 * * ?"), 0, &TimeZone::UTC), Some(hour * 5 / 2));
        assert_eq!(next_run(&trigger("0 30 2 * * ?"), 0, &zone), Some(hour * 37 / 2));
        // 1 January 1970 was a Thursday, the fifth day.
        assert_eq!(next_run(&trigger("0 0 0 ? * 5"), -1, &TimeZone::UTC), Some(0));
        assert!(check(&trigger("0 30 2 * * ?")).is_ok());
        for wrong in ["", "x", "30 2 * *", "0 99 2 * * ?"] {
            assert!(check(&trigger(wrong)).is_err(), "{wrong}");
        }
        assert!(check(&document(json!({"schedulerType": "simple"}))).is_err());
    }

    #[test]
    fn jobs_name_operations() {
        let job = document(json!({
            "name": "j", TYPE: "volumeSnapshot", "targetResourceUuid": "v", "jobData": "{\"description\":\"d\"}",
        }));
        let (operation, parameters) = operation_of(&job, Moment::from_millis(5000)).unwrap();
        let expected = json!({"name": "j-5", "description": "d", "volumeUuid": "v"});
        assert_eq!((operation, Value::Object(parameters)), ("CreateVolumeSnapshot", expected));
        assert_eq!(class_of("runAutoScalingGroup"), None);
    }
}
