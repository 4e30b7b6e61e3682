//! The form of a resource file, as written: names are not resolved yet.

use zstack_model::yaml::{self, Content, MappingEntry, Node};

use super::problem::{Reporter, Spanned};
use super::reader::{ConditionForm, Mapping, ValueForm, conditions, entries, key, text, texts, values};
use super::resource::OnDelete;
use super::timing::{self, TimingForm};

/// A resource file.
pub(super) struct ResourceFile<'a> {
    pub(super) name: Spanned<String>,
    pub(super) label: Option<Spanned<String>>,
    pub(super) is_owned: Option<bool>,
    pub(super) references: Vec<ReferenceForm>,
    pub(super) fills: Vec<FillForm>,
    /// Fields with their values.
    pub(super) defaults: Vec<ValueForm>,
    pub(super) unique: Vec<Vec<Spanned<String>>>,
    pub(super) relations: Vec<RelationForm>,
    pub(super) normal: Option<NormalForm>,
    pub(super) operations: Vec<OperationForm>,
    pub(super) timings: Vec<TimingForm>,
    pub(super) reporter: Reporter<'a>,
}

/// A reference.
pub(super) struct ReferenceForm {
    pub(super) field: Spanned<String>,
    pub(super) resource: Option<Spanned<String>>,
    pub(super) on_delete: OnDelete,
}

/// A field that is copied from the target of a reference.
pub(super) struct FillForm {
    pub(super) field: Spanned<String>,
    /// The reference and the field of its target, separated by a dot.
    pub(super) path: Spanned<String>,
}

/// A relation.
pub(super) struct RelationForm {
    pub(super) name: Spanned<String>,
    pub(super) resource: Spanned<String>,
    pub(super) field: Option<Spanned<String>>,
    pub(super) foreign_field: Option<Spanned<String>>,
}

/// The operations that normal accounts may call.
pub(super) enum NormalForm {
    All,
    Operations(Vec<Spanned<String>>),
}

/// The declaration of an operation.
pub(super) struct OperationForm {
    pub(super) name: Spanned<String>,
    pub(super) key: Option<Spanned<String>>,
    /// Fields of the document, with the values that each may have.
    pub(super) when: Vec<ConditionForm>,
    pub(super) effect: EffectForm,
}

/// The effect of an operation.
pub(super) enum EffectForm {
    /// It is not performed.
    None,
    Written,
    Query,
    Get,
    Create {
        set: Vec<ValueForm>,
        copy: Vec<CopyForm>,
    },
    Update {
        set: Vec<ValueForm>,
        copy: Vec<CopyForm>,
    },
    Delete {
        missing_is_success: Option<bool>,
    },
    State {
        field: Option<Spanned<String>>,
        parameter: Option<Spanned<String>>,
        events: Vec<EventForm>,
        related: Vec<RelatedForm>,
    },
    Add {
        field: Spanned<String>,
        parameter: Spanned<String>,
    },
    Remove {
        field: Spanned<String>,
        parameter: Spanned<String>,
    },
    Tag(Spanned<String>),
    Untag(Spanned<String>),
    GetTag {
        name: Spanned<String>,
        field: Spanned<String>,
    },
    Answer(Vec<ValueForm>),
}

/// A parameter with the field that receives its value.
pub(super) struct CopyForm {
    pub(super) parameter: Spanned<String>,
    pub(super) field: Spanned<String>,
}

/// An event with its transitions, from the present state, or `*`, to the next one.
pub(super) struct EventForm {
    pub(super) event: Spanned<String>,
    pub(super) transitions: Vec<(Spanned<String>, Spanned<String>)>,
}

/// A relation, with the events that its documents follow.
pub(super) struct RelatedForm {
    pub(super) relation: Spanned<String>,
    pub(super) events: Vec<EventForm>,
}

/// The effects that a declaration can name.
const EFFECTS: [&str; 12] = [
    "create", "query", "get", "update", "delete", "state", "add", "remove", "tag", "untag", "getTag",
    "answer",
];

/// Reads a resource file. Returns nothing if it does not name its resource.
pub(super) fn read<'a>(content: &str, reporter: Reporter<'a>) -> Option<ResourceFile<'a>> {
    let node = match yaml::read(content) {
        Ok(node) => node,
        Err(error) => {
            match error.span {
                Some(span) => reporter.add("invalid-yaml", span, error.to_string(), None),
                None => reporter.add_for_file("invalid-yaml", error.to_string(), "write `resource: <name>`"),
            }
            return None;
        }
    };
    let mut root = Mapping::new(node, "a resource file", reporter);
    let name = root.required_text("resource");
    let label = root.text("label");
    let is_owned = root.flag("owned");
    let references = root.entries("references", "`references`").into_iter();
    let references = references.filter_map(|entry| reference(entry, reporter)).collect();
    let fills = root.entries("fill", "`fill`").into_iter();
    let fills = fills.filter_map(|entry| fill(&entry, reporter)).collect();
    let defaults = values(root.entries("defaults", "`defaults`"));
    let unique = root.take("unique").map(|entry| unique(&entry.value, reporter)).unwrap_or_default();
    let relations = root.entries("relations", "`relations`").into_iter();
    let relations = relations.filter_map(|entry| relation(entry, reporter)).collect();
    let normal = root.take("normal").map(|entry| normal(&entry.value, reporter));
    let operations = root.entries("operations", "`operations`").into_iter();
    let operations = operations.filter_map(|entry| operation(entry, reporter)).collect();
    let timings = root.entries("timing", "`timing`").into_iter();
    let timings = timings.filter_map(|entry| timing::read(entry, reporter)).collect();
    root.finish();
    let name = name?;
    Some(ResourceFile {
        name,
        label,
        is_owned,
        references,
        fills,
        defaults,
        unique,
        relations,
        normal,
        operations,
        timings,
        reporter,
    })
}

fn reference(entry: MappingEntry, reporter: Reporter<'_>) -> Option<ReferenceForm> {
    let field = key(&entry);
    if matches!(entry.value.content, Content::Scalar { .. }) {
        let on_delete = on_delete(&text(&entry.value, "a reference", reporter)?, reporter)?;
        return Some(ReferenceForm { field, resource: None, on_delete });
    }
    let mut form = Mapping::new(entry.value, "a reference", reporter);
    let resource = form.text("resource");
    let word = form.required_text("onDelete");
    form.finish();
    Some(ReferenceForm { field, resource, on_delete: on_delete(&word?, reporter)? })
}

fn on_delete(word: &Spanned<String>, reporter: Reporter<'_>) -> Option<OnDelete> {
    let found = OnDelete::WORDS.iter().find(|(name, _)| *name == word.value);
    if found.is_none() {
        let message = format!("unknown effect of a deletion `{}`", word.value);
        reporter.unknown("unknown-word", word, message, OnDelete::WORDS.map(|(name, _)| name));
    }
    found.map(|(_, on_delete)| *on_delete)
}

fn fill(entry: &MappingEntry, reporter: Reporter<'_>) -> Option<FillForm> {
    Some(FillForm { field: key(entry), path: text(&entry.value, "the source of a field", reporter)? })
}

fn unique(node: &Node, reporter: Reporter<'_>) -> Vec<Vec<Spanned<String>>> {
    let Content::List(sets) = &node.content else {
        let help = "write `unique: [[managementIp]]`".to_owned();
        reporter.add("wrong-type", node.head(), "`unique` must be a list of lists of fields", help);
        return Vec::new();
    };
    sets.iter().map(|set| texts(set, "an item of `unique`", reporter)).collect()
}

fn relation(entry: MappingEntry, reporter: Reporter<'_>) -> Option<RelationForm> {
    let name = key(&entry);
    let mut form = Mapping::new(entry.value, "a relation", reporter);
    let (resource, field) = (form.required_text("resource"), form.text("field"));
    let foreign_field = form.text("foreignField");
    form.finish();
    Some(RelationForm { name, resource: resource?, field, foreign_field })
}

fn normal(node: &Node, reporter: Reporter<'_>) -> NormalForm {
    match &node.content {
        Content::Scalar { text, .. } if text == "all" => NormalForm::All,
        Content::List(_) => NormalForm::Operations(texts(node, "`normal`", reporter)),
        _ => {
            let message = "`normal` must be `all` or a list of operations";
            reporter.add("wrong-type", node.head(), message, None);
            NormalForm::Operations(Vec::new())
        }
    }
}

fn operation(entry: MappingEntry, reporter: Reporter<'_>) -> Option<OperationForm> {
    let name = key(&entry);
    if matches!(entry.value.content, Content::Scalar { .. }) {
        let word = text(&entry.value, "the declaration of an operation", reporter)?;
        let effect = word_effect(&word, reporter)?;
        return Some(OperationForm { name, key: None, when: Vec::new(), effect });
    }
    let mut form = Mapping::new(entry.value, "the declaration of an operation", reporter);
    let present: Vec<_> = EFFECTS.iter().filter_map(|effect| Some((*effect, form.take(effect)?))).collect();
    let key_parameter = form.text("key");
    let when = conditions(&form.entries("when", "`when`"), reporter);
    let mut present = present.into_iter();
    let effect = match present.next() {
        Some((effect, entry)) => detailed_effect(effect, entry, &mut form),
        None => {
            let message = "the declaration of an operation requires an effect";
            let help = format!("write one of {}", super::problem::list(EFFECTS));
            reporter.add("missing-key", form.span, message, help);
            None
        }
    };
    for (other, entry) in present {
        let message = format!("an operation has one effect; `{other}` is another one");
        reporter.add("several-effects", entry.key_span, message, "remove one of them".to_owned());
    }
    form.finish();
    Some(OperationForm { name, key: key_parameter, when, effect: effect? })
}

/// Reads an effect without details.
fn word_effect(word: &Spanned<String>, reporter: Reporter<'_>) -> Option<EffectForm> {
    let nothing = (Vec::new(), Vec::new());
    Some(match (&*word.value, nothing) {
        ("none", _) => EffectForm::None,
        ("written", _) => EffectForm::Written,
        ("query", _) => EffectForm::Query,
        ("get", _) => EffectForm::Get,
        ("create", (set, copy)) => EffectForm::Create { set, copy },
        ("update", (set, copy)) => EffectForm::Update { set, copy },
        ("delete", _) => EffectForm::Delete { missing_is_success: None },
        ("state", _) => {
            EffectForm::State { field: None, parameter: None, events: Vec::new(), related: Vec::new() }
        }
        ("answer", _) => EffectForm::Answer(Vec::new()),
        (other, _) => {
            let known = ["create", "query", "get", "update", "delete", "state", "answer", "written", "none"];
            reporter.unknown("unknown-word", word, format!("unknown effect `{other}`"), known);
            return None;
        }
    })
}

/// Reads an effect with details.
fn detailed_effect(effect: &str, entry: MappingEntry, form: &mut Mapping<'_>) -> Option<EffectForm> {
    let reporter = form.reporter;
    if matches!(effect, "add" | "remove") {
        let field = text(&entry.value, &format!("`{effect}`"), reporter);
        let parameter = form.required_text("parameter");
        let (field, parameter) = (field?, parameter?);
        return Some(if effect == "add" {
            EffectForm::Add { field, parameter }
        } else {
            EffectForm::Remove { field, parameter }
        });
    }
    if matches!(effect, "tag" | "untag" | "getTag") {
        let tag = text(&entry.value, &format!("`{effect}`"), reporter)?;
        return Some(match effect {
            "tag" => EffectForm::Tag(tag),
            "untag" => EffectForm::Untag(tag),
            _ => EffectForm::GetTag { name: tag, field: form.required_text("field")? },
        });
    }
    if effect == "answer" {
        return Some(EffectForm::Answer(values(entries(entry.value, "`answer`", reporter))));
    }
    // `query:` without a value says as much as `{}`.
    let is_empty = entry.value.is_null();
    let value = if is_empty {
        Node { span: entry.value.span, content: Content::Mapping(Vec::new()) }
    } else {
        entry.value
    };
    let mut details = Mapping::new(value, "an effect", reporter);
    let effect = match effect {
        "query" => EffectForm::Query,
        "get" => EffectForm::Get,
        "delete" => EffectForm::Delete { missing_is_success: details.flag("missingIsSuccess") },
        "state" => EffectForm::State {
            field: details.text("field"),
            parameter: details.text("parameter"),
            events: events(details.entries("events", "`events`"), reporter),
            related: details
                .entries("related", "`related`")
                .into_iter()
                .map(|entry| RelatedForm {
                    relation: key(&entry),
                    events: events(entries(entry.value, "the events of a relation", reporter), reporter),
                })
                .collect(),
        },
        _ => {
            let set = values(details.entries("set", "`set`"));
            let copy = details.entries("copy", "`copy`").into_iter();
            let copy = copy.filter_map(|entry| {
                let field = text(&entry.value, "the field of a parameter", reporter)?;
                Some(CopyForm { parameter: key(&entry), field })
            });
            let copy = copy.collect();
            if effect == "create" {
                EffectForm::Create { set, copy }
            } else {
                EffectForm::Update { set, copy }
            }
        }
    };
    details.finish();
    Some(effect)
}

fn events(entries: Vec<MappingEntry>, reporter: Reporter<'_>) -> Vec<EventForm> {
    entries.into_iter().filter_map(|entry| event(entry, reporter)).collect()
}

fn event(entry: MappingEntry, reporter: Reporter<'_>) -> Option<EventForm> {
    let event = key(&entry);
    if matches!(entry.value.content, Content::Scalar { .. }) {
        let next = text(&entry.value, "the state after an event", reporter)?;
        let any = Spanned { value: "*".to_owned(), span: event.span };
        return Some(EventForm { event, transitions: vec![(any, next)] });
    }
    let transitions = entries(entry.value, "the transitions of an event", reporter).into_iter();
    let transitions = transitions.filter_map(|entry| {
        let next = text(&entry.value, "the next state", reporter)?;
        Some((key(&entry), next))
    });
    Some(EventForm { event, transitions: transitions.collect() })
}
