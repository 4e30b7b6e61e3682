//! Operations on documents: loads what the plan of an operation names, applies its effect, commits,
//! and responds.

use std::collections::HashMap;

use serde_json::{Map, Value};
use zstack_dynamic::Dynamic;
use zstack_runtime::record::{Kind, Shape};
use zstack_runtime::{Auth, encode};
use zstack_server::{Call, Outcome};

use super::written::{self, Answer, Context, Done};
use super::{Failure, Node, retry_on_conflict};
use crate::catalog::{Effect, RelatedStates};
use crate::cloud::plan::{Plan, Plans};
use crate::cloud::{self, Cascade, NewDocument, Parameters, texts};
use crate::cloud::{quotas, snapshots};
use crate::model::{AccountKind, Caller, Changes, Document, DocumentEdit, Edit, Holder, OWNER, Uuid};
use crate::rules::errors;
use crate::store::Store;
use crate::uuids;

impl<S: Store> Node<S> {
    /// Performs an operation by its plan.
    pub(crate) async fn perform(
        &self,
        plans: &Plans,
        plan: &Plan,
        call: &Call,
        request: Dynamic,
    ) -> Outcome<Dynamic> {
        let parameters: Parameters = serde_json::from_slice(&encode::to_vec(&request))
            .map_err(|error| errors::internal(format!("The parameters cannot be read: {error}.")))?;
        let lock = match plan.action.effect.key().and_then(|key| parameters.get(key)?.as_str()) {
            Some(uuid) => uuid.to_owned(),
            // What is created may have to be unique, or may share capacity with others.
            None => format!("create/{}", plans.base_of(&plan.resource.name)),
        };
        let _guard = if plan.action.effect.is_read() { None } else { Some(self.locks.lock(&lock).await) };
        retry_on_conflict(|| async {
            if plan.action.effect == Effect::Query {
                return self.query_documents(plans, plan, call, &parameters).await;
            }
            let done = self.decide(plans, plan, call, &parameters).await?;
            if call.is_dry_run() {
                return Ok(Dynamic::new(plan.operation.response));
            }
            let answer = self.answer(plans, plan, done.answer, &done.edits).await?;
            let edits = done.edits.into_iter().map(|edit| Edit::Document(Box::new(edit)));
            let edits = edits.chain(done.records).collect();
            self.commit(call, Changes { guards: done.guards, edits }, answer).await
        })
        .await
    }

    /// Checks an operation, and decides what it does.
    async fn decide(
        &self,
        plans: &Plans,
        plan: &Plan,
        call: &Call,
        parameters: &Parameters,
    ) -> Result<Done, Failure> {
        let uuids: Vec<Uuid> = plan
            .references
            .iter()
            .flat_map(|reference| texts(parameters.get(&reference.parameter)).map(str::to_owned))
            .collect();
        let (caller, documents) = tokio::try_join!(self.caller(call), self.store.documents(&uuids))?;
        let documents: HashMap<_, _> =
            documents.into_iter().map(|document| (document.uuid.clone(), document)).collect();
        let referenced = cloud::find_references(plan, parameters, &documents);
        let caller = if plan.operation.auth == Auth::None {
            // Anybody may call it, and learns nothing about documents.
            Caller { account_uuid: Uuid::new(), kind: AccountKind::Normal }
        } else {
            cloud::check_existence(&referenced)?;
            let caller = caller?;
            cloud::check_access(plan, &caller, &referenced)?;
            caller
        };
        let now = self.clock.now();
        let context =
            Context { node: self, plans, plan, call, parameters, caller, documents: &documents, now };
        if let Some(document) = plan.action.effect.key().and_then(|key| context.target(key).ok()) {
            cloud::check_fields(plan, &document)?;
        }
        let changed = |(document, edit)| Done::with_document(document, vec![edit]);
        let done = match &plan.action.effect {
            // It has no effect; see `perform`.
            Effect::Query => Done::default(),
            Effect::Get { key } => Done { answer: Answer::Document(context.target(key)?), ..Done::default() },
            Effect::Create { set, .. } => {
                let new = NewDocument { uuid: uuids::random(), caller: &context.caller, now, set };
                let (document, edit) = cloud::create(plans, plan, parameters, &referenced, new)?;
                self.check_unique(plan, None, &document).await?;
                let mut edits = vec![edit];
                edits.extend(context.new_tags(&document));
                Done::with_document(document, edits)
            }
            Effect::Update { key, set, .. } => {
                let before = context.target(key)?;
                let (document, edit) =
                    cloud::update(plans, plan, parameters, before.clone(), set, &documents, now);
                self.check_unique(plan, Some(&before), &document).await?;
                changed((document, edit))
            }
            Effect::ChangeState { key, parameter, field, events, related } => {
                let event = parameters.get(parameter).and_then(Value::as_str).unwrap_or_default();
                let (document, edit) = cloud::change_state(
                    plans,
                    plan,
                    context.target(key)?,
                    field,
                    (parameter.as_str(), event),
                    events,
                    now,
                )?;
                let mut edits = vec![edit];
                edits.extend(self.followers(plans, &document.uuid, field, event, related).await?);
                Done::with_document(document, edits)
            }
            Effect::Add { key, field, parameter } => {
                let value = parameters.get(parameter).unwrap_or(&Value::Null);
                changed(cloud::add(plans, plan, context.target(key)?, field, value, now))
            }
            Effect::Remove { key, field, parameter } => {
                let value = parameters.get(parameter).unwrap_or(&Value::Null);
                changed(cloud::remove(plans, plan, context.target(key)?, field, value, now))
            }
            Effect::Delete { key, .. } => match context.target(key) {
                Ok(document) => {
                    Done { edits: self.deletion(plans, plan, document).await?, ..Done::default() }
                }
                // Otherwise the check of its existence has failed.
                Err(_) => Done::default(),
            },
            Effect::Tag { key, name, value, defaults } => {
                let document = context.target(key)?;
                let value = value.as_ref().and_then(|value| cloud::tag_value(value, parameters, defaults));
                let edits = context.set_tag(&document, name, value.as_deref()).await?;
                Done { edits, answer: Answer::Document(document), ..Done::default() }
            }
            Effect::GetTag { key, name, field } => {
                let value = context.tag(&context.target(key)?, name).await?;
                Done::with_fields([(field, value.map_or(Value::Null, Value::from))])
            }
            Effect::Answer { fields, .. } => {
                Done { answer: Answer::Fields(fields.clone()), ..Done::default() }
            }
            Effect::Written => written::perform(&context).await?,
        };
        let created = done.edits.iter().filter_map(|edit| match edit {
            DocumentEdit::Create { document, .. } => Some(document),
            _ => None,
        });
        let caller = &context.caller;
        let is_own = |document: &&Document| document.owner() == Some(&caller.account_uuid);
        self.check_quotas(caller, &created.filter(is_own).collect::<Vec<_>>()).await?;
        Ok(done)
    }

    /// Changes the states of the documents that follow an event of the one to which they refer.
    async fn followers(
        &self,
        plans: &Plans,
        target: &str,
        field: &str,
        event: &str,
        related: &[RelatedStates],
    ) -> Result<Vec<DocumentEdit>, Failure> {
        let mut edits = Vec::new();
        let mut leaders = vec![(target.to_owned(), related)];
        while let Some((leader, related)) = leaders.pop() {
            if related.is_empty() {
                continue;
            }
            for Holder { document, link } in self.store.holders(&[leader]).await? {
                let follows = |states: &&RelatedStates| {
                    link.field == states.reference && plans.catalog.is_a(&document.kind, &states.resource)
                };
                let states = related.iter().find(follows);
                let Some(transitions) = states.and_then(|states| states.events.get(event)) else { continue };
                // Others follow it in turn.
                leaders.push((document.uuid.clone(), plans.catalog.related_states(&document.base)));
                edits.extend(cloud::follow_event(plans, document, field, transitions, self.clock.now()));
            }
        }
        Ok(edits)
    }

    /// Checks that a normal account may have what is created for it.
    pub(super) async fn check_quotas(&self, caller: &Caller, created: &[&Document]) -> Result<(), Failure> {
        if caller.kind != AccountKind::Normal || created.is_empty() {
            return Ok(());
        }
        let (quotas, present) = self.quotas_of(&caller.account_uuid).await?;
        Ok(quotas::check(&quotas, &present, created)?)
    }

    /// Loads the quotas of an account, and what it owns.
    pub(super) async fn quotas_of(&self, account: &str) -> Result<(Vec<Document>, Vec<Document>), Failure> {
        let holders = self.store.holders(&[account.to_owned()]).await?;
        let owned = holders.into_iter().filter(|holder| holder.link.field == OWNER);
        Ok(owned.map(|holder| holder.document).partition(|document| document.kind == "Quota"))
    }

    /// Deletes a document, with everything that depends on it.
    pub(super) async fn deletion(
        &self,
        plans: &Plans,
        plan: &Plan,
        document: Document,
    ) -> Result<Vec<DocumentEdit>, Failure> {
        self.deletion_of(plans, plan, vec![document]).await
    }

    /// Deletes documents, with everything that depends on them.
    pub(super) async fn deletion_of(
        &self,
        plans: &Plans,
        plan: &Plan,
        documents: Vec<Document>,
    ) -> Result<Vec<DocumentEdit>, Failure> {
        let mut cascade = Cascade::new(documents);
        while !cascade.targets.is_empty() {
            let holders = self.store.holders(&cascade.targets).await?;
            cascade.add(plans, holders);
        }
        let now = self.clock.now();
        Ok(cloud::cascade(plans, plan.resource, cascade, now)?)
    }

    /// Checks the fields that are unique among the documents of the base, if they are new or changed.
    async fn check_unique(
        &self,
        plan: &Plan,
        before: Option<&Document>,
        document: &Document,
    ) -> Result<(), Failure> {
        let is_changed = |field: &String| {
            before.is_none_or(|before| before.fields.get(field) != document.fields.get(field))
        };
        for fields in plan.resource.unique.iter().filter(|fields| fields.iter().any(is_changed)) {
            let values = fields
                .iter()
                .filter_map(|field| document.fields.get(field).map(|value| (field.clone(), value.clone())));
            let values: Vec<_> = values.collect();
            if values.len() < fields.len() {
                continue;
            }
            let found = self.store.document_with(&document.base, values.clone(), &document.uuid).await?;
            if let Some(found) = found {
                return Err(errors::not_unique(&plan.resource.label, &values, &found.uuid).into());
            }
        }
        Ok(())
    }

    /// Builds the response. The documents that are part of an inventory are those after the edits.
    async fn answer(
        &self,
        plans: &Plans,
        plan: &Plan,
        answer: Answer,
        edits: &[DocumentEdit],
    ) -> Result<Dynamic, Failure> {
        let extensions = match &answer {
            Answer::Document(document) => extensions(plans, std::slice::from_ref(document)),
            Answer::Documents(documents) => extensions(plans, documents),
            Answer::Empty | Answer::Fields(_) => HashMap::new(),
        };
        let mut fields = Map::new();
        let response = plan.operation.response;
        let has = |name| response.index_of(name).is_some();
        // A response with one document mostly has the name `inventory` for it.
        let record = response.fields.iter().find(|field| matches!(field.kind, Kind::Record(_)));
        match (answer, record) {
            (Answer::Empty, _) => {}
            (Answer::Document(document), _) if has("inventories") && !has("inventory") => {
                let inventories = self.inventories_of(plans, vec![document], edits).await?;
                fields.insert("inventories".to_owned(), inventories.into());
            }
            (Answer::Document(document), Some(field)) => {
                let name = if has("inventory") { "inventory" } else { field.name };
                let mut inventories = self.inventories_of(plans, vec![document], edits).await?;
                fields.extend(inventories.pop().map(|inventory| (name.to_owned(), inventory)));
            }
            // The response says nothing about the document.
            (Answer::Document(_), None) => {}
            (Answer::Documents(documents), _) => {
                let inventories = self.inventories_of(plans, documents, edits).await?;
                if has("inventory") {
                    fields.extend(inventories.first().map(|first| ("inventory".to_owned(), first.clone())));
                }
                if has("inventories") {
                    fields.insert("inventories".to_owned(), inventories.into());
                }
            }
            (Answer::Fields(answered), _) => fields = answered,
        }
        respond(plan, fields, &extensions)
    }

    /// Converts documents to inventories, with those that are part of them.
    pub(super) async fn inventories_of(
        &self,
        plans: &Plans,
        mut documents: Vec<Document>,
        edits: &[DocumentEdit],
    ) -> Result<Vec<Value>, Failure> {
        self.set_capacities(&mut documents).await?;
        let uuids: Vec<_> = documents.iter().map(|document| document.uuid.clone()).collect();
        let has_parts = |document: &Document| {
            let resource = plans.catalog.resource(&document.kind);
            document.kind == snapshots::TREE
                || resource.is_some_and(|resource| cloud::embedded_relations(resource).next().is_some())
        };
        let holders =
            if documents.iter().any(has_parts) { self.store.holders(&uuids).await? } else { Vec::new() };
        let mut parts: Vec<_> = holders.into_iter().map(|holder| holder.document).collect();
        apply(&mut parts, edits);
        let mut inventories = Vec::with_capacity(documents.len());
        for mut document in documents {
            let resource = plans.catalog.resource(&document.kind);
            let inventory = resource.map(|resource| resource.inventory.as_str()).unwrap_or_default();
            let shape = plans.shape(inventory);
            for relation in resource.into_iter().flat_map(cloud::embedded_relations) {
                let value = document.fields.get(&relation.field).cloned();
                let is_part = |part: &&Document| {
                    plans.catalog.is_a(&part.kind, &relation.resource)
                        && part.fields.get(&relation.foreign_field) == value.as_ref()
                };
                let found: Vec<_> = parts.iter().filter(is_part).cloned().collect();
                let mut list = Box::pin(self.inventories_of(plans, found, edits)).await?;
                let index = shape.index_of(&relation.name);
                if index.is_some_and(|index| matches!(shape.fields[index].kind, Kind::Record(_))) {
                    document.set(&relation.name, list.pop());
                } else {
                    document.set(&relation.name, list);
                }
            }
            if document.kind == snapshots::TREE {
                let is_of_tree = |part: &&Document| part.text("treeUuid") == Some(&document.uuid);
                let found: Vec<_> = parts.iter().filter(is_of_tree).cloned().collect();
                let nodes = Box::pin(self.inventories_of(plans, found, edits)).await?;
                document.set("tree", snapshots::nest(&nodes, None).pop());
            }
            inventories.push(cloud::to_inventory(document, shape, &self.inventories.zone));
        }
        Ok(inventories)
    }
}

/// Applies edits to loaded documents.
fn apply(documents: &mut Vec<Document>, edits: &[DocumentEdit]) {
    for edit in edits {
        match edit {
            DocumentEdit::Create { document, .. } => documents.push(document.clone()),
            DocumentEdit::Replace { document, .. } => {
                documents.retain(|other| other.uuid != document.uuid);
                documents.push(document.clone());
            }
            DocumentEdit::Delete { document } => documents.retain(|other| other.uuid != document.uuid),
            DocumentEdit::Unlink { .. } => {}
        }
    }
    let age = |document: &Document| (document.number("createDate"), document.number("deviceId"));
    documents.sort_by(|a, b| age(a).cmp(&age(b)).then_with(|| a.uuid.cmp(&b.uuid)));
    documents.dedup_by(|a, b| a.uuid == b.uuid);
}

/// The tables of the inventories of documents of subtypes, by UUID.
pub(super) fn extensions(plans: &Plans, documents: &[Document]) -> HashMap<Uuid, &'static Shape> {
    let of_subtypes = documents.iter().filter(|document| document.kind != document.base);
    let table = |document: &Document| {
        let resource = plans.catalog.resource(&document.kind)?;
        Some((document.uuid.clone(), plans.shape(&resource.inventory)))
    };
    of_subtypes.filter_map(table).collect()
}

/// Builds the record of a response, with the extensions of documents of subtypes.
pub(super) fn respond(
    plan: &Plan,
    fields: Map<String, Value>,
    extensions: &HashMap<Uuid, &'static Shape>,
) -> Result<Dynamic, Failure> {
    let mut response = Dynamic::from_fields(plan.operation.response, fields).map_err(|error| {
        tracing::error!(operation = plan.operation.name, error, "the response does not fit its type");
        errors::internal("The response could not be built; the log of the node has the cause.")
    })?;
    if !extensions.is_empty() {
        let table = |record: &Dynamic| extensions.get(record.text("uuid")?).copied();
        ["inventory", "inventories"].into_iter().for_each(|field| response.extend(field, &table));
    }
    Ok(response)
}
