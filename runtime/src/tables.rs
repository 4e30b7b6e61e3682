//! The macros with which a struct's table is written.

/// Implements [`Record`](crate::Record) for a struct by its table, and what follows from it:
/// `serde`'s two traits, `Debug`, `PartialEq`, and to stand in a field of another record.
///
/// `keeps more` names a member of type [`More`](crate::More) for what is in no row; `asks
/// query` names one of type [`Query`](crate::Query), whose rows come first, and
/// makes a setter for it, and with `for` the records in the `inventories` of the answer implements
/// [`QueryRequest`](crate::query::QueryRequest); `takes tags` implements [`Tagged`](crate::Tagged).
///
/// The table has a row for each field: its index, counted from zero, the
/// struct's member, and the facts. Written out it would be three lists that
/// have to agree.
///
/// `since` takes the name of a constant. A release is named by thousands of rows:
/// reading its text for each of them was a twelfth of what the compiler did.
///
/// ```
/// use zstack_runtime::record::{Field, Kind};
/// use zstack_runtime::{Version, record};
///
/// #[derive(Clone, Default)]
/// struct Drive {
///     uuid: String,
///     device_id: Option<i32>,
/// }
///
/// const V3_3_0: Version = Version::new("3.3.0");
///
/// record! { Drive, class "", since V3_3_0 {
///     0 uuid: Field::new("uuid", Kind::String, V3_3_0).required(),
///     1 device_id: Field::new("deviceId", Kind::Integer, V3_3_0),
/// }}
///
/// let drive: Drive = serde_json::from_str(r#"{"deviceId": 1.0, "uuid": "70e8"}"#)?;
/// assert_eq!(serde_json::to_string(&drive)?, r#"{"uuid":"70e8","deviceId":1}"#);
/// assert_eq!(format!("{drive:?}"), r#"Drive { uuid: "70e8", deviceId: 1 }"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! record {
    ($name:ident, $($rest:tt)*) => {
        $crate::message! { $name, $($rest)* }

        impl $crate::record::Value for $name {
            fn view(&self) -> $crate::View<'_> {
                $crate::View::Record(self)
            }
        }

        impl $crate::decode::Decode for $name {
            fn decode<'de, D: $crate::__serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<::core::option::Option<Self>, D::Error> {
                $crate::decode::record(from)
            }
        }
    };
}

/// [`record!`](crate::record!) for what stands in no field: requests and
/// responses. They are most records, and every implementation costs a compiler
/// something.
#[macro_export]
macro_rules! message {

    ($name:ident, class $class:literal, since $since:ident
     $(, keeps $more:ident)? $(, asks $query:ident $(for $item:ident)?)? $(, takes $tags:ident)? {
        $($index:literal $($member:ident).+ : $field:expr,)*
    }) => {
        impl $crate::Record for $name {
            const SHAPE: &'static $crate::record::Shape = &$crate::record::Shape::new(
                ::core::stringify!($name),
                $class,
                $since,
                $crate::message!(@fields [$($query)?] $($field),*),
            );

            fn get(&self, index: usize) -> $crate::View<'_> {
                match index {
                    $($index => $crate::record::view(&self.$($member).+),)*
                    _ => $crate::message!(@get self index [$($query)?]),
                }
            }

            fn set<'de, D: $crate::__serde::Deserializer<'de>>(
                &mut self,
                index: usize,
                value: D,
            ) -> ::core::result::Result<bool, D::Error> {
                match index {
                    $($index => $crate::decode::put(&mut self.$($member).+, value),)*
                    _ => $crate::message!(@set self index value [$($query)?]),
                }
            }
            $(
                fn more(&self) -> ::core::option::Option<&$crate::More> {
                    ::core::option::Option::Some(&self.$more)
                }

                fn more_mut(&mut self) -> ::core::option::Option<&mut $crate::More> {
                    ::core::option::Option::Some(&mut self.$more)
                }
            )?
        }

        impl ::core::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $crate::record::equal(self, other)
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, to: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::record::debug(self, to)
            }
        }

        impl $crate::__serde::Serialize for $name {
            fn serialize<S: $crate::__serde::Serializer>(
                &self,
                to: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::encode::serialize(self, to)
            }
        }

        impl<'de> $crate::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::decode::required_record(from)
            }
        }

        $(
            impl $name {
                /// Says which ones, how many, in which order.
                #[must_use]
                pub fn query(mut self, query: $crate::Query) -> Self {
                    self.$query = query;
                    self
                }
            }

            $(
                impl $crate::query::QueryRequest for $name {
                    type Item = $item;

                    fn query_mut(&mut self) -> &mut $crate::Query {
                        &mut self.$query
                    }

                    fn records(response: Self::Response) -> ::std::vec::Vec<$item> {
                        ::core::option::Option::from(response.inventories).unwrap_or_default()
                    }
                }
            )?
        )?

        $(
            impl $crate::Tagged for $name {
                fn tags(&self) -> &$crate::Tags {
                    &self.$tags
                }

                fn tags_mut(&mut self) -> &mut $crate::Tags {
                    &mut self.$tags
                }
            }
        )?
    };
    (@fields [] $($field:expr),*) => { &[$($field),*] };
    (@fields [$query:ident] $($field:expr),*) => {
        &[
            $crate::Query::Q,
            $crate::Query::LIMIT,
            $crate::Query::START,
            $crate::Query::COUNT,
            $crate::Query::GROUP_BY,
            $crate::Query::REPLY_WITH_COUNT,
            $crate::Query::SORT,
            $crate::Query::FIELDS,
            $crate::Query::FILTER_NAME,
            $($field),*
        ]
    };
    (@get $self:ident $index:ident []) => { $crate::View::Absent };
    (@get $self:ident $index:ident [$query:ident]) => { $self.$query.get($index) };
    (@set $self:ident $index:ident $value:ident []) => { $crate::decode::skip($value) };
    (@set $self:ident $index:ident $value:ident [$query:ident]) => { $self.$query.set($index, $value) };
}
