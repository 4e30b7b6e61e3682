//! Go, its standard library alone: the names of the SDK's functions follow no
//! rule that the spec could tell.

use super::json::PLAIN;
use super::message::Message;
use super::quoted;

pub(super) fn write(message: &Message<'_>) -> String {
    let mut imports = vec!["fmt", "io", "log", "net/http", "os"];
    let mut text = String::new();
    let body = match &message.body {
        Some(body) => {
            imports.push("strings");
            let body = PLAIN.write(body, 0, "    body := strings.NewReader(``)".len());
            text.push_str(&format!("\tbody := strings.NewReader({})\n", raw(&body)));
            "body"
        }
        None => "nil",
    };
    let mut address = literal(&message.path_before_query());
    if !message.query.is_empty() {
        imports.push("net/url");
        address.push_str("+query.Encode()");
        text.push_str("\tquery := url.Values{}\n");
        for (key, value) in &message.query {
            text.push_str(&format!("\tquery.Add({}, {})\n", literal(key), literal(value)));
        }
    }
    text.push_str(&format!(
        "\trequest, err := http.NewRequest(\"{}\", os.Getenv(\"ZSTACK_URL\")+{address}, {body})\n{FATAL}",
        message.method(),
    ));
    if message.needs_session() {
        text.push_str("\trequest.Header.Set(\"Authorization\", \"OAuth \"+os.Getenv(\"ZSTACK_SESSION\"))\n");
    }
    if message.body.is_some() {
        text.push_str("\trequest.Header.Set(\"Content-Type\", \"application/json\")\n");
    }
    if message.is_job() {
        imports.extend(["encoding/json", "time"]);
        text.push_str(WAIT);
    } else {
        text.push_str("\t_, answer := send(request)\n");
    }
    imports.sort_unstable();
    let imports: String = imports.iter().map(|it| format!("\t\"{it}\"\n")).collect();
    format!(
        "package main\n\nimport (\n{imports})\n\nfunc main() {{\n{text}\tfmt.Println(string(answer))\n}}\n{SEND}"
    )
}

/// JSON between backticks, where no backtick stands: within a text of JSON, and
/// they are nowhere else, it may be written like this.
pub(super) fn raw(json: &str) -> String {
    format!("`{}`", json.replace('`', "\\u0060"))
}

pub(super) fn literal(text: &str) -> String {
    quoted(text, |it| match u32::from(it) {
        code @ 0..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    })
}

const FATAL: &str = "	if err != nil {
		log.Fatal(err)
	}
";

const WAIT: &str = r#"	status, answer := send(request)
	if status == http.StatusAccepted {
		// A job, which is asked until it is done.
		var job struct{ Location string }
		if err := json.Unmarshal(answer, &job); err != nil {
			log.Fatal(err)
		}
		poll, err := http.NewRequest("GET", job.Location, nil)
		if err != nil {
			log.Fatal(err)
		}
		for {
			status, answer = send(poll)
			if status != http.StatusAccepted {
				break
			}
			time.Sleep(time.Second)
		}
	}
"#;

const SEND: &str = r#"
func send(request *http.Request) (int, []byte) {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	if response.StatusCode >= 400 {
		log.Fatalf("%s: %s", response.Status, answer)
	}
	return response.StatusCode, answer
}
"#;
