//! The options of a component to values of its schema's types, weakly: a number for a text, a text for a number, one
//! value for a list of one. Texts are rendered on the way, once, unless the component does so itself when it runs.
//!
//! Knows no component.

use super::model::Text;
use super::parse::number_as_text;
use crate::diagnostics::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::eval::implied_type;
use crate::gotemplate::{Engine, Fields};
use crate::syntax::json::{Kind, Member, Node};
use crate::value::overlay::{filled, overlaid};
use crate::value::schema::{Nesting, Schema};
use crate::value::{Members, Number, Type, Value};

/// Old names of options that `packer fix` knows to mend.
const DEPRECATED: &[&str] = &[
    "clean_ami_name",
    "clean_image_name",
    "clone_from_vmxc_path",
    "cpu",
    "enhanced_networking",
    "exlude_from_latest",
    "filename",
    "galaxycommand",
    "guest_additions_attach",
    "guest_os_distribution",
    "headless",
    "iso_checksum_type",
    "iso_checksum_url",
    "iso_md5",
    "login_email",
    "network",
    "networkcard",
    "parallels_tools_host_path",
    "ram_size",
    "shutdown_behaviour",
    "spot_price_auto_product",
    "ssh_disable_agent",
    "ssh_host_port_max",
    "ssh_host_port_min",
    "ssh_key_path",
    "ssh_private_ip",
    "ssh_skip_nat_mapping",
    "ssh_wait_timeout",
    "tag",
    "temporary_security_group_source_cidr",
    "vhd_temp_path",
];

/// What is needed to read the options of one component.
pub struct Weak<'a> {
    /// Renders texts.
    pub engine: &'a Engine,
    /// What `{{ .Name }}` sees.
    pub fields: &'a Fields,
    /// What a problem is headed with.
    pub summary: &'a str,
    /// The place of the whole component.
    pub span: Span,
}

type Result<T, E = ()> = std::result::Result<T, E>;

impl Weak<'_> {
    /// Reads the options by `schema`; those of `later` win. What is wrong is told, and null in the result.
    ///
    /// # Source
    /// JSON-3, JSON-31 … JSON-35.
    pub fn decode(
        &self,
        schema: &Schema,
        options: &[Member],
        later: &[Member],
        diagnostics: &mut Diagnostics,
    ) -> Value {
        let mut reading = Reading { weak: self, path: Vec::new(), is_later: false, diagnostics };
        let mut members = reading.object(schema, options, false);
        if !later.is_empty() {
            reading.is_later = true;
            for (name, value) in reading.object(schema, later, false) {
                let both = members.get(&name).map_or_else(|| value.clone(), |first| overlaid(first, &value));
                members.insert(name, both);
            }
        }
        Value::object(members)
    }
}

/// One reading: where it is, and what it has found wrong.
struct Reading<'a> {
    weak: &'a Weak<'a>,
    /// Names of options and positions in lists, from the component on.
    path: Vec<String>,
    /// Whether what is read is laid over other options, where null says nothing.
    is_later: bool,
    diagnostics: &'a mut Diagnostics,
}

impl Reading<'_> {
    fn object(&mut self, schema: &Schema, options: &[Member], is_nested: bool) -> Members {
        let names: Vec<&str> =
            schema.attributes.iter().map(|a| &*a.name).chain(schema.blocks.iter().map(|b| &*b.name)).collect();
        let mut members = Members::new();
        for attribute in &schema.attributes {
            members.insert(attribute.name.as_str().into(), Value::null(attribute.ty.clone()));
        }
        for block in &schema.blocks {
            members.insert(block.name.as_str().into(), Value::null(implied_type(&block.schema)));
        }
        for option in options {
            let exact = names.iter().find(|name| **name == option.name);
            let taken = |name: &&&str| options.iter().any(|other| other.name == **name);
            let folded =
                || names.iter().find(|name| name.eq_ignore_ascii_case(&option.name)).filter(|name| !taken(name));
            let Some(name) = exact.or_else(folded) else {
                // What the core adds is let through (S-26).
                if is_nested || !(option.name == "type" || option.name.starts_with("packer_")) {
                    self.diagnostics.push(self.unknown(option, &names));
                }
                continue;
            };
            self.path.push((*name).to_owned());
            let value = if let Some(attribute) = schema.attribute(name) {
                self.value(&option.value, &attribute.ty, attribute.late)
            } else if let Some(block) = schema.block(name) {
                self.blocks(&option.value, &block.schema, block.nesting)
            } else {
                Err(())
            };
            self.path.pop();
            if let Ok(value) = value {
                members.insert((*name).into(), value);
            }
        }
        members
    }

    fn unknown(&self, option: &Member, names: &[&str]) -> Diagnostic {
        let name = &option.name;
        let (detail, hint) = if DEPRECATED.contains(&name.to_ascii_lowercase().as_str()) {
            let detail = format!("Deprecated configuration key: '{name}'.");
            (detail, Some("Please call `packer fix` with this template: it knows what has taken its place.".to_owned()))
        } else {
            let near = did_you_mean(name, names.iter().copied()).map(|near| format!("Did you mean {near:?}?"));
            (format!("unknown configuration key: '\"{name}\"'."), near)
        };
        Diagnostic::error(self.weak.summary, detail).at(option.span).hint(hint)
    }

    fn blocks(&mut self, node: &Node, schema: &Schema, nesting: Nesting) -> Result<Value> {
        let inner = implied_type(schema);
        let items = match &node.kind {
            Kind::Null => return Ok(Value::null(inner)),
            Kind::Array(items) => &items[..],
            _ => std::slice::from_ref(node),
        };
        let mut values = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            self.path.push(index.to_string());
            match &item.kind {
                Kind::Object(members) => {
                    values.push(Value::object(self.object(schema, members, true)));
                }
                Kind::Null => {}
                other => {
                    let text = format!("an object with options is needed here, not {}", super::parse::a(other));
                    self.diagnostics.push(self.misfit(item.span, &text));
                }
            }
            self.path.pop();
        }
        match nesting {
            Nesting::Single if values.len() > 1 => {
                self.diagnostics.push(self.misfit(node.span, "one object is needed here, not a list of several"));
                Err(())
            }
            Nesting::Single => Ok(values.into_iter().next().unwrap_or_else(|| Value::null(inner))),
            Nesting::List | Nesting::Set => Ok(Value::tuple(values)),
        }
    }

    fn value(&mut self, node: &Node, ty: &Type, late: bool) -> Result<Value> {
        let rendered = match &node.kind {
            Kind::Null => return Ok(Value::null(ty.clone())),
            Kind::Text(text) if !late => Kind::Text(self.rendered(text, node.span)?),
            _ => Kind::Null,
        };
        let kind = if rendered == Kind::Null { &node.kind } else { &rendered };
        match ty {
            Type::String | Type::Bool | Type::Number => self.scalar(kind, node.span, ty),
            Type::List(element) | Type::Set(element) => self.list(kind, node, element, late),
            Type::Map(element) => self.map(kind, node, element, late),
            _ => self.anything(kind, node, late),
        }
    }

    /// Reads a list; a text is split at its commas.
    fn list(&mut self, kind: &Kind, node: &Node, element: &Type, late: bool) -> Result<Value> {
        let mut values = Vec::new();
        let mut whole = Ok(());
        let mut add = |value: Result<Value>| match value {
            Ok(value) => values.push(value),
            Err(()) => whole = Err(()),
        };
        match kind {
            Kind::Text(text) if text.is_empty() => {}
            Kind::Text(text) => {
                for piece in text.split(',') {
                    add(self.scalar(&Kind::Text(piece.to_owned()), node.span, element));
                }
            }
            Kind::Object(members) if members.is_empty() => {}
            Kind::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.path.push(index.to_string());
                    let value = self.value(item, element, late);
                    add(value.map(|value| if self.is_later { value } else { filled(value) }));
                    self.path.pop();
                }
            }
            _ => add(self.value(node, element, late)),
        }
        whole.map(|()| Value::tuple(values))
    }

    /// Reads a map; a list of objects is read as one.
    fn map(&mut self, kind: &Kind, node: &Node, element: &Type, late: bool) -> Result<Value> {
        let objects: Vec<&Vec<Member>> = match kind {
            Kind::Object(members) => vec![members],
            Kind::Array(items) => {
                let object = |item: &'_ Node| matches!(item.kind, Kind::Object(_));
                if !items.iter().all(object) {
                    self.diagnostics.push(self.misfit(node.span, "an object is needed here, not a list"));
                    return Err(());
                }
                items
                    .iter()
                    .filter_map(|item| if let Kind::Object(members) = &item.kind { Some(members) } else { None })
                    .collect()
            }
            Kind::Text(text) if text.is_empty() => Vec::new(),
            other => {
                let text = format!("an object is needed here, not {}", super::parse::a(other));
                self.diagnostics.push(self.misfit(node.span, &text));
                return Err(());
            }
        };
        let mut members = Members::new();
        let mut whole = Ok(());
        for member in objects.into_iter().flatten() {
            self.path.push(member.name.clone());
            let name = if late { Ok(member.name.clone()) } else { self.rendered(&member.name, member.span) };
            match (name, self.value(&member.value, element, late)) {
                (Ok(name), Ok(value)) => {
                    members.insert(name.into(), filled(value));
                }
                _ => whole = Err(()),
            }
            self.path.pop();
        }
        whole.map(|()| Value::object(members))
    }

    fn anything(&mut self, kind: &Kind, node: &Node, late: bool) -> Result<Value> {
        match kind {
            Kind::Array(_) => self.list(kind, node, &Type::Any, late),
            Kind::Object(_) => self.map(kind, node, &Type::Any, late),
            Kind::Text(text) => Ok(Value::string(text)),
            Kind::Bool(flag) => Ok(Value::from(*flag)),
            Kind::Number(text) => Ok(number(text).map_or_else(|| Value::string(text), Value::from)),
            Kind::Null | Kind::Invalid => Ok(Value::null(Type::Any)),
        }
    }

    /// Reads a text, number or bool out of any of them (JSON-33, JSON-34).
    fn scalar(&mut self, kind: &Kind, span: Span, ty: &Type) -> Result<Value> {
        let (value, needed) = match ty {
            Type::Bool => (as_bool(kind), "true or false is needed here"),
            Type::Number => (as_number(kind), "a number is needed here"),
            _ => (as_text(kind), "a text is needed here"),
        };
        value.ok_or_else(|| {
            let given = match kind {
                Kind::Text(text) => format!("{text:?}"),
                other => super::parse::a(other).to_owned(),
            };
            self.diagnostics.push(self.misfit(span, &format!("{needed}, not {given}")));
        })
    }

    fn rendered(&mut self, text: &str, span: Span) -> Result<String> {
        self.weak.engine.render(text, self.weak.fields).map_err(|reason| {
            let detail = format!("Error decoding config: invalid '{}': {reason}", self.path.join("."));
            self.diagnostics.push(Diagnostic::error(self.weak.summary, detail).at(span));
        })
    }

    fn misfit(&self, span: Span, text: &str) -> Diagnostic {
        Diagnostic::error(self.weak.summary, format!("'{}': {text}.", self.path.join("."))).at(span)
    }
}

fn as_text(kind: &Kind) -> Option<Value> {
    match kind {
        Kind::Text(text) => Some(Value::string(text)),
        Kind::Bool(flag) => Some(Value::string(if *flag { "1" } else { "0" })),
        // A duration needs to know that it was a number.
        Kind::Number(text) => match text.parse::<i64>() {
            Ok(0) if text.starts_with('-') => Some(Value::string("-0")),
            Ok(whole) if whole.unsigned_abs() < 1 << 53 => Some(Value::from(whole)),
            _ => Some(Value::string(&number_as_text(text))),
        },
        _ => None,
    }
}

fn as_bool(kind: &Kind) -> Option<Value> {
    match kind {
        Kind::Bool(flag) => Some(Value::from(*flag)),
        Kind::Number(text) => text.parse::<f64>().ok().map(|number| Value::from(number != 0.0)),
        Kind::Text(text) => match text.as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(Value::from(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(Value::from(false)),
            "" => Some(Value::null(Type::Bool)),
            _ => None,
        },
        _ => None,
    }
}

fn as_number(kind: &Kind) -> Option<Value> {
    match kind {
        Kind::Bool(flag) => Some(Value::from(i64::from(*flag))),
        Kind::Number(text) => number(text).map(Value::from),
        Kind::Text(text) if text.is_empty() => Some(Value::null(Type::Number)),
        Kind::Text(text) => {
            let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |digits| (-1, digits));
            let lower = digits.to_ascii_lowercase();
            let (radix, digits) = match lower.get(..2) {
                Some("0x") => (16, &lower[2..]),
                Some("0o") => (8, &lower[2..]),
                Some("0b") => (2, &lower[2..]),
                _ if lower.len() > 1 && lower.starts_with('0') && !lower.contains('.') => (8, &lower[1..]),
                _ => (10, &lower[..]),
            };
            match i64::from_str_radix(digits, radix) {
                Ok(number) if !digits.starts_with(['+', '-']) => Some(Value::from(sign * number)),
                _ => number(text).map(Value::from),
            }
        }
        _ => None,
    }
}

/// Returns the number that `text` writes, as a double holds it.
fn number(text: &str) -> Option<Number> {
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    text.parse::<f64>().ok().filter(|number| is_plain && number.is_finite()).map(Number::from)
}

/// Returns the place of the setting at `path`, as far as it is written.
pub fn place_of(options: &[Member], path: &[String]) -> Option<Span> {
    let (name, rest) = path.split_first()?;
    let member = options.iter().find(|option| option.name == *name);
    let member = member.or_else(|| options.iter().find(|option| option.name.eq_ignore_ascii_case(name)))?;
    Some(inside(&member.value, rest).unwrap_or(member.span.to(member.value.span)))
}

fn inside(node: &Node, path: &[String]) -> Option<Span> {
    let Some((step, rest)) = path.split_first() else { return Some(node.span) };
    match &node.kind {
        Kind::Array(items) => inside(items.get(step.parse::<usize>().ok()?)?, rest),
        Kind::Object(members) => {
            inside(&members.iter().find(|member| member.name.eq_ignore_ascii_case(step))?.value, rest)
        }
        _ => None,
    }
}

/// Returns the whole number of retries that `text` says once it is rendered (JSON-26).
pub fn retries(text: &Text, engine: &Engine) -> std::result::Result<i64, String> {
    let rendered = engine.render(&text.text, &Fields::default()).map_err(|reason| format!("max_retries: {reason}"))?;
    if text.text.is_empty() {
        return Ok(0);
    }
    let wrong = || format!("max_retries: {rendered:?} is no whole number of attempts.");
    rendered.parse().map_err(|_| wrong())
}

/// Returns names and the texts that stand for what a running build will know (JSON-40).
pub fn placeholders<'n>(names: impl Iterator<Item = &'n str>) -> Fields {
    let text = |name: &str| match name {
        // An older way to ask for it, which is filled in when the provisioner runs.
        "WinRMPassword" => Value::from("{{.WinRMPassword}}"),
        name => Value::from(format!("Build_{name}{}", crate::gotemplate::PLACEHOLDER)),
    };
    Fields { values: names.map(|name| (name.to_owned(), text(name))).collect(), strict: None }
}
