//! Settings declared once: one struct, one doc comment a field, gives decoding, checks, schema and docs.
//!
//! Knows no template: values come typed by the schema that the same declaration gave.
//!
//! serde with schemars was tried first. It knows neither late texts nor nested blocks nor what may be told apart
//! as list and set, needs its errors' paths rebuilt, and `{{ }}` rendering would have to happen in a second pass
//! over the decoded struct. A field's type says all of that here: [`LateText`], [`Block`], [`BlockSet`].

mod types;

use super::{PrepareCx, Problem, Problems};
use crate::gotemplate::{Engine, Fields};
use crate::secrets::MASK;
use crate::value::schema::{AttributeSchema, BlockSchema, Nesting, Schema};
use crate::value::{Type, Value};

/// What a field is in a template.
pub enum Shape {
    /// An argument of this type; the flag says that its texts are rendered late.
    Attribute(Type, bool),
    /// Nested blocks.
    Block(Schema, Nesting),
}

/// Reads one component's settings and collects what is wrong with them.
pub struct Reader<'a> {
    /// What the component may know while it is prepared.
    pub cx: &'a PrepareCx,
    engine: Engine,
    path: Vec<String>,
    problems: Problems,
}

impl<'a> Reader<'a> {
    /// Makes a reader.
    pub fn new(cx: &'a PrepareCx) -> Reader<'a> {
        Reader { cx, engine: cx.engine(), path: Vec::new(), problems: Problems::default() }
    }

    /// Adds a problem of the setting that is being read.
    pub fn problem(&mut self, detail: impl Into<String>) {
        self.problems.push(Problem { setting: self.path.clone(), detail: detail.into(), is_warning: false });
    }

    /// Returns the name of the setting that is being read.
    fn name(&self) -> String {
        self.path.join(".")
    }

    /// Renders a text with what is known while components are prepared; `None` after a problem.
    fn rendered(&mut self, text: String) -> Option<String> {
        // The options of a legacy template were rendered before they got their types, and that once (JSON-32).
        if self.cx.legacy || !text.contains("{{") {
            return Some(text);
        }
        let rendered = self.engine.render(&text, &Fields::default());
        rendered
            .map_err(|reason| self.problem(format!("Error decoding config: invalid '{}': {reason}", self.name())))
            .ok()
    }

    /// Reads with `step` added to the path.
    pub fn within<T>(&mut self, step: impl Into<String>, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step.into());
        let result = read(self);
        self.path.pop();
        result
    }

    /// Returns the problems found.
    pub fn into_problems(self) -> Problems {
        self.problems
    }
}

/// A struct of settings, made by [`settings!`](crate::settings).
pub trait Settings: Sized {
    /// Returns what it takes.
    fn schema() -> Schema;
    /// Reads it from an object; what is wrong goes to `reader`, and the field keeps its default.
    fn read(value: &Value, reader: &mut Reader<'_>) -> Self;

    /// Reads the whole of a component's settings.
    ///
    /// # Errors
    /// All that is wrong with them.
    fn decode(value: &Value, cx: &PrepareCx) -> Result<Self, Problems> {
        let mut reader = Reader::new(cx);
        let settings = Self::read(value, &mut reader);
        reader.into_problems().or(settings)
    }
}

/// A type that a field of settings may have.
pub trait Setting: Sized {
    /// Returns what it is in a template.
    fn shape() -> Shape;
    /// Reads it from a value that is not null; `None` after a problem.
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<Self>;
    /// Whether what is written there is never shown.
    fn is_secret() -> bool {
        false
    }
    /// Whether it is as good as not written: an empty text means the default.
    fn is_blank(&self) -> bool {
        false
    }
}

/// A text parsed when the component is prepared and rendered when it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LateText(pub String);

impl LateText {
    /// Renders it with what is known now.
    ///
    /// # Errors
    /// In Go's words.
    pub fn render(&self, engine: &Engine, fields: &Fields) -> super::Result<String> {
        engine.render(&self.0, fields).map_err(anyhow::Error::msg)
    }
}

impl From<&str> for LateText {
    fn from(text: &str) -> LateText {
        LateText(text.to_owned())
    }
}

/// A password, token or key, rendered when the component is prepared. It is hidden wherever it would be shown, as far as
/// [`Secrets::register_typed`](crate::secrets::Secrets::register_typed) takes it for one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretText(String);

impl std::ops::Deref for SecretText {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(MASK)
    }
}

/// At most one nested block.
#[derive(Clone, Debug)]
pub struct Block<T>(pub Option<T>);

/// Any number of nested blocks, in order.
#[derive(Clone, Debug)]
pub struct Blocks<T>(pub Vec<T>);

/// Any number of nested blocks whose order means nothing; doubles count once.
#[derive(Clone, Debug)]
pub struct BlockSet<T>(pub Vec<T>);

macro_rules! default_none {
    ($($name:ident => $empty:expr),*) => { $(
        impl<T> Default for $name<T> {
            fn default() -> Self { $name($empty) }
        }
    )* };
}
default_none!(Block => None, Blocks => Vec::new(), BlockSet => Vec::new());

/// Adds one field, or one group of fields, to a schema. For the macro.
pub type Declare = fn(&mut Schema);

/// Returns the schema that `declarations` make. For the macro.
pub fn schema_of(declarations: &[Declare]) -> Schema {
    let mut schema = Schema::default();
    for declare in declarations {
        declare(&mut schema);
    }
    schema
}

/// Adds the field `name` of type `T` to `schema`. For the macro.
pub fn declare<T: Setting>(schema: &mut Schema, name: &str, about: &str, default: Option<&str>) {
    let (name, about) = (name.to_owned(), about.trim().to_owned());
    match T::shape() {
        Shape::Attribute(ty, late) => {
            let (default, secret) = (default.map(str::to_owned), T::is_secret());
            schema.attributes.push(AttributeSchema { name, ty, required: false, about, default, late, secret });
        }
        Shape::Block(nested, nesting) => schema.blocks.push(BlockSchema { name, schema: nested, nesting, about }),
    }
}

/// Reads the field `name` of the object `value`; absent, null and an empty text give `None`. For the macro.
pub fn field<T: Setting>(value: &Value, name: &str, reader: &mut Reader<'_>) -> Option<T> {
    let member = value.as_members().and_then(|members| members.get(name)).filter(|member| !member.is_null())?;
    reader.within(name, |reader| T::read(member, reader)).filter(|read| !read.is_blank())
}

/// Declares a struct of settings: each field with its sentence, its type and, after `=`, its default.
///
/// ```text
/// settings! {
///     /// Settings of the `manifest` post-processor.
///     pub struct Config {
///         /// File to write.
///         pub output: String = "packer-manifest.json".to_owned(),
///         /// Record file names without their folders.
///         pub strip_path: bool,
///         /// Build the base image first.
///         pub build: Block<BuildConfig>,
///     }
///     flatten { pub communicator: communicators::Settings }
/// }
/// ```
///
/// A field's type says what it is in a template: `String` is rendered when prepared, [`LateText`](crate::component::config::LateText)
/// when run; [`SecretText`](crate::component::config::SecretText) is never shown; `Option<bool>` tells unset from false; `Vec`, `BTreeMap<String, _>` and `Duration` are arguments;
/// `Block`, `Blocks` and `BlockSet` are nested blocks. `flatten` takes the fields of other structs as its own.
/// One that is taken and means nothing carries `#[expect(dead_code, reason = "…")]` behind its description.
#[macro_export]
macro_rules! settings {
    (
        $(#[doc = $about:expr])*
        $visibility:vis struct $name:ident {
            $( $(#[doc = $doc:expr])+ $(#[expect($($expected:tt)+)])? $field_visibility:vis $field:ident : $ty:ty $(= $default:expr)? ),* $(,)?
        }
        $(flatten { $( $group_visibility:vis $group:ident : $group_ty:ty ),+ $(,)? })?
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Debug)]
        $visibility struct $name {
            $( $(#[doc = $doc])+ $(#[expect($($expected)+)])? $field_visibility $field: $ty, )*
            $( $( #[doc = "Settings shared with others."] $group_visibility $group: $group_ty, )+ )?
        }

        impl $crate::component::config::Settings for $name {
            fn schema() -> $crate::value::schema::Schema {
                $crate::component::config::schema_of(&[
                    $( (|schema| $crate::component::config::declare::<$ty>(
                        schema,
                        stringify!($field).trim_start_matches("r#"),
                        concat!($($doc, "\n"),+),
                        $crate::settings!(@default $($default)?),
                    )) as $crate::component::config::Declare, )*
                    $( $( |schema| schema.extend(<$group_ty as $crate::component::config::Settings>::schema()), )+ )?
                ])
            }

            fn read(
                value: &$crate::value::Value,
                reader: &mut $crate::component::config::Reader<'_>,
            ) -> Self {
                $name {
                    $( $field: $crate::component::config::field::<$ty>(
                        value,
                        stringify!($field).trim_start_matches("r#"),
                        reader,
                    )
                    .unwrap_or_else(|| $crate::settings!(@value $($default)?)), )*
                    $( $( $group: <$group_ty as $crate::component::config::Settings>::read(value, reader), )+ )?
                }
            }
        }
    };
    (@default) => { None };
    (@default $default:expr) => { Some(stringify!($default)) };
    (@value) => { Default::default() };
    (@value $default:expr) => { $default };
}

/// Returns what tests prepare with.
#[cfg(test)]
fn test_cx() -> PrepareCx {
    PrepareCx {
        host: crate::host::Host::fixed(std::path::Path::new("/"), &[]),
        build: Default::default(),
        options: Default::default(),
        legacy: false,
        secrets: Default::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    settings! {
        /// A disk, as cloud builders have them.
        struct Disk {
            /// Where the machine sees it.
            device_name: String,
            /// In GiB.
            volume_size: i64 = 8,
            /// Whether it goes with the machine.
            delete_on_termination: Option<bool>,
        }
    }

    settings! {
        /// Of an image.
        struct Image {
            /// How often.
            times: u16 = 3,
            /// Disks.
            disks: Blocks<Disk>,
            /// What it is called.
            r#type: LateText = "x-{{ .Name }}".into(),
        }
    }

    fn object(members: &[(&str, Value)]) -> Value {
        Value::object(members.iter().map(|(name, value)| ((*name).into(), value.clone())))
    }

    settings! {
        /// Of an account.
        struct Account {
            /// Opens it.
            password: SecretText,
            /// Opens another.
            other: Option<SecretText>,
        }
    }

    #[test]
    fn a_secret_setting_is_hidden() {
        assert!(Account::schema().attributes.iter().all(|attribute| attribute.secret));
        let cx = test_cx();
        let members = [("password", "Pa55w0rd".into()), ("other", "{{ `s3cr3t-2` }}".into())];
        let account = Account::decode(&object(&members), &cx).unwrap();
        assert_eq!((&*account.password, account.other.as_deref()), ("Pa55w0rd", Some("s3cr3t-2")));
        assert_eq!(cx.secrets.mask("Pa55w0rd s3cr3t-2"), "<sensitive> <sensitive>");
        assert!(!format!("{account:?}").contains("55"));
    }

    #[test]
    fn one_declaration_gives_schema_defaults_and_nested_blocks() {
        let schema = Image::schema();
        assert_eq!(schema.attribute("times").unwrap().default.as_deref(), Some("3"));
        assert_eq!(schema.attribute("times").unwrap().about, "How often.");
        assert!(schema.attribute("type").unwrap().late);
        let disks = schema.block("disks").unwrap();
        assert_eq!((disks.nesting, disks.schema.attributes.len()), (Nesting::List, 3));

        let disk = |name: &str| object(&[("device_name", name.into()), ("delete_on_termination", false.into())]);
        let image = Image::decode(&object(&[("disks", Value::tuple([disk("a"), disk("b")]))]), &test_cx()).unwrap();
        assert_eq!((image.times, image.r#type.0.as_str()), (3, "x-{{ .Name }}"));
        let names: Vec<_> =
            image.disks.0.iter().map(|d| (d.device_name.as_str(), d.volume_size, d.delete_on_termination)).collect();
        assert_eq!(names, [("a", 8, Some(false)), ("b", 8, Some(false))]);
    }

    #[test]
    fn every_misfit_is_reported_with_its_path() {
        let disk = object(&[("volume_size", true.into())]);
        let problems =
            Image::decode(&object(&[("times", (-1).into()), ("disks", Value::tuple([disk]))]), &test_cx()).unwrap_err();
        let paths: Vec<String> = problems.0.iter().map(|p| p.setting.join(".")).collect();
        assert_eq!(paths, ["times", "disks.0.volume_size"]);
    }
}
