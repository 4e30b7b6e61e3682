//! The wire formats: encoded values are decoded unchanged, and the forms of careless senders are
//! understood.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use zstack_runtime::{ErrorCode, Record, Timestamp, decode, encode};

    /// A record with a field of every kind.
    #[derive(Clone, Default, Record)]
    #[record(since = "0.6")]
    struct Everything {
        text: String,
        flag: Option<bool>,
        integer: Option<i32>,
        long: Option<i64>,
        double: Option<f64>,
        time: Option<Timestamp>,
        any: Option<serde_json::Value>,
        list: Option<Vec<String>>,
        numbers: Option<Vec<i64>>,
        map: Option<BTreeMap<String, String>>,
        lists: Option<BTreeMap<String, Vec<i32>>>,
        record: Option<Box<Everything>>,
        records: Option<Vec<Everything>>,
    }

    fn read(json: &str) -> Result<Everything, String> {
        decode::from_slice(json.as_bytes()).map_err(|error| error.to_string())
    }

    fn long(json: &str) -> Result<i64, String> {
        read(&format!(r#"{{"text":"","long":{json}}}"#)).map(|everything| everything.long.unwrap())
    }

    /// Generates JSON values other than null, which is the same as no value.
    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(serde_json::Value::from),
            any::<i64>().prop_map(serde_json::Value::from),
            any::<u64>().prop_map(serde_json::Value::from),
            finite().prop_map(serde_json::Value::from),
            any::<String>().prop_map(serde_json::Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
                proptest::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|btree_map| serde_json::Value::Object(btree_map.into_iter().collect())),
            ]
        })
    }

    fn finite() -> impl Strategy<Value = f64> {
        any::<f64>().prop_filter("JSON has no other numbers", |number| number.is_finite())
    }

    fn time() -> impl Strategy<Value = Timestamp> {
        (-62_135_596_800_i64..253_402_207_200).prop_map(|seconds| {
            let instant = jiff::Timestamp::from_second(seconds).unwrap();
            Timestamp::from_instant(instant, &jiff::tz::TimeZone::UTC)
        })
    }

    fn everything() -> impl Strategy<Value = Everything> {
        use proptest::collection::{btree_map, vec};
        use proptest::option::of;

        let scalars = (
            any::<String>(),
            of(any::<bool>()),
            of(any::<i32>()),
            of(any::<i64>()),
            of(finite()),
            of(time()),
        );
        let others = (
            of(json()),
            of(vec(any::<String>(), 0..4)),
            of(vec(any::<i64>(), 0..4)),
            of(btree_map(any::<String>(), any::<String>(), 0..4)),
            of(btree_map(any::<String>(), vec(any::<i32>(), 0..3), 0..3)),
        );
        let flat = (scalars, others).prop_map(|(scalars, others)| {
            let (text, flag, integer, long, double, time) = scalars;
            let (any, list, numbers, map, lists) = others;
            let (record, records) = (None, None);
            Everything {
                text,
                flag,
                integer,
                long,
                double,
                time,
                any,
                list,
                numbers,
                map,
                lists,
                record,
                records,
            }
        });
        flat.prop_recursive(3, 8, 3, |inner| {
            (inner.clone(), of(inner.clone()), of(vec(inner, 0..3))).prop_map(|(flat, record, records)| {
                Everything { record: record.map(Box::new), records, ..flat }
            })
        })
    }

    proptest! {
        #[test]
        fn decodes_encoded_values(value in everything()) {
            let json = encode::to_vec(&value);
            prop_assert_eq!(&decode::from_slice::<Everything>(&json).unwrap(), &value);
            // `serde` gives the same result.
            let through_serde = serde_json::to_vec(&value).unwrap();
            prop_assert_eq!(&json, &through_serde);
            let tree: serde_json::Value = serde_json::from_slice(&json).unwrap();
            prop_assert_eq!(serde_json::from_value::<Everything>(tree).unwrap(), value);
        }

        #[test]
        fn records_are_equal_if_all_fields_are(one in everything(), other in everything(), index in 0_usize..13) {
            let json = |record: &Everything| serde_json::to_value(record).unwrap();
            let name = Everything::SHAPE.fields[index].name;
            let mut mixed = json(&one);
            let fields = mixed.as_object_mut().unwrap();
            match json(&other).get(name) {
                Some(value) => drop(fields.insert(name.to_owned(), value.clone())),
                None => drop(fields.remove(name)),
            }
            let same = mixed == json(&one);
            let mixed: Everything = serde_json::from_value(mixed).unwrap();
            prop_assert_eq!(mixed == one, same);
            let looks_the_same = format!("{mixed:?}") == format!("{one:?}");
            // Zero and minus zero are equal, but have different texts.
            prop_assert!(same || !looks_the_same);
        }

        #[test]
        fn decodes_all_forms_of_integers(value in any::<i64>()) {
            prop_assert_eq!(long(&value.to_string()), Ok(value));
            prop_assert_eq!(long(&format!("\"{value}\"")), Ok(value));
        }

        #[test]
        #[expect(clippy::cast_precision_loss, reason = "up to 53 bits there is none")]
        fn decodes_integers_written_as_floating_point(value in -(1_i64 << 53)..=1 << 53) {
            let float = value as f64;
            for spelling in [format!("{float:?}"), format!("{float:e}"), format!("{float:E}"), format!("\"{float:e}\"")] {
                prop_assert_eq!(long(&spelling), Ok(value), "{}", spelling);
            }
        }

        #[test]
        fn refuses_fractions_as_integers(whole in -1_000_000_i64..1_000_000, thousandths in 1..1000) {
            long(&format!("{whole}.{thousandths:03}")).unwrap_err();
            long(&format!("\"{whole}.{thousandths:03}\"")).unwrap_err();
        }

        #[test]
        fn does_not_panic_on_arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode::from_slice::<Everything>(&bytes);
            let _ = decode::from_slice::<ErrorCode>(&bytes);
        }

        #[test]
        fn does_not_panic_on_arbitrary_json(
            fields in proptest::collection::btree_map(
                proptest::sample::select(vec![
                    "text", "flag", "integer", "long", "double", "time", "any", "list", "numbers", "map", "lists",
                    "record", "records", "later",
                ]),
                json(),
                0..8,
            ),
        ) {
            let json = serde_json::to_string(&fields).unwrap();
            if let Err(error) = read(&json) {
                // The error names the position: a field, or a missing one.
                prop_assert!(error.starts_with('.'), "{}", error);
            }
        }
    }

    #[test]
    fn debug_shows_present_fields() {
        let value = read(
            r#"{"text": "a\"b", "flag": true, "time": "Nov 30, 2018 4:21:29 PM", "any": {"k": [1]}, "list": ["x"],
            "lists": {"m": [1, 2]}, "record": {"text": "inner", "double": 0.5}}"#,
        )
        .unwrap();
        let expected = r#"Everything { text: "a\"b", flag: true, time: Nov 30, 2018 4:21:29 PM, any: {"k":[1]}, list: ["x"], lists: {"m": [1, 2]}, record: Everything { text: "inner", double: 0.5 } }"#;
        assert_eq!(format!("{value:?}"), expected);
    }

    #[test]
    fn debug_hides_sensitive_values() {
        #[derive(Clone, Default, Record)]
        #[record(since = "0.6")]
        struct Login {
            name: String,
            #[field(sensitive)]
            password: Option<String>,
        }
        let login =
            |password: Option<&str>| Login { name: "a".to_owned(), password: password.map(str::to_owned) };
        let shown = format!("{:?} {:?}", login(Some("secret")), login(None));
        assert_eq!(shown, r#"Login { name: "a", password: … } Login { name: "a" }"#);
        assert_eq!(serde_json::to_string(&login(Some("b"))).unwrap(), r#"{"name":"a","password":"b"}"#);
    }

    #[test]
    fn decodes_forms_of_careless_senders() {
        let read = read(
            r#"{"later": {"a": [1, {}]}, "text": 12, "flag": "True", "integer": "7", "long": 8.589934592E9,
                "double": "1e3", "list": [1, true, "x"], "map": {"a": 1}, "record": null}"#,
        )
        .unwrap();
        assert_eq!(read.text, "12");
        assert_eq!(read.flag, Some(true));
        assert_eq!(read.integer, Some(7));
        assert_eq!(read.long, Some(8_589_934_592));
        assert_eq!(read.double, Some(1000.0));
        assert_eq!(read.list.unwrap(), ["1", "true", "x"]);
        assert_eq!(read.map.unwrap()["a"], "1");
        assert_eq!(read.record, None);
    }

    #[test]
    fn integers_are_exact_at_their_limits() {
        for value in [i64::MIN, i64::MAX, 0, -1] {
            assert_eq!(long(&value.to_string()), Ok(value));
        }
        assert_eq!(long("-9.223372036854775808E18"), Ok(i64::MIN));
        for json in ["9223372036854775808", "9.223372036854775808E18", "-9.3E18", "1e400", "\"\"", "\"NaN\""]
        {
            long(json).unwrap_err();
        }
        for (json, message) in [
            ("2147483648", ".integer: 2147483648 is not a 32-bit integer"),
            ("1.5", ".integer: 1.5 is not a 32-bit integer"),
            ("true", ".integer: true is not a 32-bit integer"),
            ("[]", ".integer: a list is not a 32-bit integer"),
            ("\"x\"", ".integer: \"x\" is not a 32-bit integer"),
        ] {
            let error = read(&format!(r#"{{"text":"","integer":{json}}}"#)).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn limits_nesting() {
        let mut json = r#"{"text":""}"#.to_owned();
        for _ in 0..100_000 {
            json = format!(r#"{{"text":"","record":{json}"#);
            if json.len() > 1_000_000 {
                break;
            }
        }
        read(&json).unwrap_err();
        read(&"[".repeat(100_000)).unwrap_err();
    }

    #[test]
    fn texts_keep_the_digits_of_large_numbers() {
        let read = read(r#"{"text": 18446744073709551615}"#).unwrap();
        assert_eq!(read.text, "18446744073709551615");
    }
}
