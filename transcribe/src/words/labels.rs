//! Labels of the sections of a page.

use zstack_model::Place;

/// A section of a page, which begins with a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// Method and path.
    Urls,
    /// HTTP headers, which all operations share.
    Headers,
    /// A sample of the request's body.
    Body,
    /// A command line.
    Curl,
    /// The table of parameters.
    Parameters,
    /// The tables of the response.
    Response,
    /// A sample of the response.
    ResponseSample,
    /// The fields that a query may ask for.
    QueryableFields,
    /// Code samples.
    Sdk,
    /// Parameters of the portal, by place.
    Inputs(Option<Place>),
    /// The name of the operation.
    OperationId,
    /// Nothing that a spec has.
    Aside,
    /// Half of a label that was broken into two lines.
    Half,
}

/// Labels in lower case.
const LABELS: &[(&str, Section)] = &[
    ("api request", Section::Urls),
    ("api请求", Section::Urls),
    ("urls", Section::Urls),
    ("url", Section::Urls),
    ("endpoint", Section::Urls),
    ("请求地址", Section::Urls),
    ("headers", Section::Headers),
    ("header", Section::Headers),
    ("请求头", Section::Headers),
    ("body", Section::Body),
    ("请求体", Section::Body),
    ("curl", Section::Curl),
    ("curl sample", Section::Curl),
    ("curl example", Section::Curl),
    ("curl示例", Section::Curl),
    ("curl 示例", Section::Curl),
    ("request example", Section::Curl),
    ("请求示例", Section::Curl),
    ("request parameters", Section::Parameters),
    ("parameters", Section::Parameters),
    ("parameter list", Section::Parameters),
    ("参数列表", Section::Parameters),
    ("api response", Section::Response),
    ("api返回", Section::Response),
    ("api响应", Section::Response),
    ("responses", Section::Response),
    ("响应状态", Section::Response),
    ("响应", Section::Response),
    ("200 ok", Section::Response),
    ("200", Section::ResponseSample),
    ("sample response", Section::ResponseSample),
    ("response sample", Section::ResponseSample),
    ("response example", Section::ResponseSample),
    ("response", Section::ResponseSample),
    ("返回示例", Section::ResponseSample),
    ("响应示例", Section::ResponseSample),
    ("queryable fields", Section::QueryableFields),
    ("可查询字段", Section::QueryableFields),
    ("sdk sample", Section::Sdk),
    ("sdk example", Section::Sdk),
    ("sdk示例", Section::Sdk),
    ("sdk 示例", Section::Sdk),
    ("java sdk", Section::Sdk),
    ("java sdk示例", Section::Sdk),
    ("python sdk", Section::Sdk),
    ("python sdk示例", Section::Sdk),
    ("java", Section::Sdk),
    ("python", Section::Sdk),
    ("request inputs", Section::Inputs(None)),
    ("请求参数", Section::Inputs(None)),
    ("path parameters", Section::Inputs(Some(Place::Path))),
    ("路径参数", Section::Inputs(Some(Place::Path))),
    ("query parameters", Section::Inputs(Some(Place::Query))),
    ("查询参数", Section::Inputs(Some(Place::Query))),
    ("body fields", Section::Inputs(Some(Place::Body))),
    ("请求体字段", Section::Inputs(Some(Place::Body))),
    ("operation id", Section::OperationId),
    ("操作 id", Section::OperationId),
    ("操作id", Section::OperationId),
    ("接口 id", Section::OperationId),
    ("success response", Section::Aside),
    ("成功响应", Section::Aside),
    ("error response", Section::Aside),
    ("错误响应", Section::Aside),
    ("execution availability", Section::Aside),
    ("调试可用性", Section::Aside),
    ("try it out", Section::Aside),
    ("在线调试", Section::Aside),
    ("permalink", Section::Aside),
    ("固定链接", Section::Aside),
    ("永久链接", Section::Aside),
    ("change history", Section::Aside),
    ("变更历史", Section::Aside),
    ("变更记录", Section::Aside),
    ("sample", Section::Half),
    ("example", Section::Half),
    ("sdk", Section::Half),
    ("示例", Section::Half),
];

/// The section that a label begins.
pub(crate) fn section(text: &str) -> Option<Section> {
    // The longest label has fewer bytes.
    if text.len() > 40 {
        return None;
    }
    let label = text.trim_end_matches([':', '：', ' ']).to_lowercase();
    LABELS.iter().find(|(known, _)| *known == label).map(|(_, section)| *section)
}

/// Labels and beginnings that are found glued behind other text, anywhere in a line.
pub(crate) const GLUED_ANYWHERE: &[&str] = &["Authorization: OAuth", "curl -"];

/// Labels that are found glued to the end of a line, the longest of those with one ending first.
pub(crate) const GLUED_AT_END: &[&str] = &[
    "Request Parameters",
    "Sample Response",
    "Response Example",
    "Queryable Fields",
    "Curl Sample",
    "Curl Example",
    "SDK Sample",
    "Java SDK",
    "Python SDK",
    "API Response",
    "Error Response",
    "Change History",
    "Endpoint",
    "Headers",
    "Header",
    "Body",
    "Curl",
    "Sample",
    "Response",
    "Java",
    "Python",
    "参数列表",
    "返回示例",
    "API返回",
    "Curl示例",
    "SDK示例",
    "可查询字段",
];

/// Labels that a sample follows on their own line.
pub(crate) const SAMPLE_LABELS: &[&str] = &[
    "Response Example",
    "Sample Response",
    "返回示例",
    "响应示例",
    "Body",
    "200",
    "Success Response",
    "Error Response",
    "成功响应",
    "错误响应",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_both_languages() {
        assert_eq!(section("Request Parameters"), Some(Section::Parameters));
        assert_eq!(section("API请求"), Some(Section::Urls));
        assert_eq!(section("路径参数"), Some(Section::Inputs(Some(Place::Path))));
        assert_eq!(section("The request parameters"), None);
    }

    #[test]
    fn labels_are_listed_once() {
        for (nth, (label, _)) in LABELS.iter().enumerate() {
            assert!(LABELS[..nth].iter().all(|(other, _)| other != label), "{label}");
        }
    }
}
