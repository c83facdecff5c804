//! The common type of several (TYP-15 … TYP-19).
//!
//! Only types are looked at; whether each value fits shows when it is converted.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::check;
use crate::value::{Type, Value};

/// Returns the type that all of `types` convert to, if there is one.
///
/// Text is preferred among primitives, lists to sets. Tuples of one length stay tuples, others become a list; objects
/// with the same attributes stay objects, others become a map. An `Any` goes along with a primitive; next to anything
/// else the result is `Any`, for nobody knows yet what will come.
pub fn unify(types: &[Type]) -> Option<Type> {
    let first = types.first()?;
    if types.iter().all(|ty| ty == first) {
        return Some(first.clone());
    }
    let all = |accepts: fn(&Type) -> bool| types.iter().all(|ty| *ty == Type::Any || accepts(ty));
    let some = |accepts: fn(&Type) -> bool| types.iter().any(accepts);
    let (list, set, map) = (
        |ty: &Type| matches!(ty, Type::List(_)),
        |ty: &Type| matches!(ty, Type::Set(_)),
        |ty: &Type| matches!(ty, Type::Map(_)),
    );
    let (tuple, object) = (|ty: &Type| matches!(ty, Type::Tuple(_)), |ty: &Type| matches!(ty, Type::Object(_)));
    let sequences = all(|ty| matches!(ty, Type::List(_) | Type::Set(_) | Type::Tuple(_)));
    let keyed = all(|ty| matches!(ty, Type::Map(_) | Type::Object(_)));
    if (sequences || keyed) && types.contains(&Type::Any) {
        return Some(Type::Any);
    }
    if all(tuple) {
        return tuples(types);
    }
    if all(object) {
        return objects(types);
    }
    if sequences {
        // A set next to tuples stays a set; next to a list it becomes one.
        let element = unify(&inner_types(types))?;
        return Some(if some(set) && !some(list) { Type::set(element) } else { Type::list(element) });
    }
    if keyed {
        return some(map).then(|| unify(&inner_types(types)).map(Type::map)).flatten();
    }
    [Type::String, Type::Number, Type::Bool]
        .into_iter()
        .find(|wanted| types.contains(wanted) && types.iter().all(|ty| check(ty, wanted).is_ok()))
}

/// Returns the common type of `values`. A plain `null` has no type and takes that of the others.
pub fn unify_values<'v>(values: impl IntoIterator<Item = &'v Value>) -> Option<Type> {
    let mut types = Vec::new();
    let mut untyped_null = false;
    for value in values {
        if value.is_null() && value.ty() == Type::Any {
            untyped_null = true;
        } else {
            types.push(value.ty());
        }
    }
    if types.is_empty() && untyped_null { Some(Type::Any) } else { unify(&types) }
}

/// Returns the types of everything in `types`.
fn inner_types(types: &[Type]) -> Vec<Type> {
    let mut inner = Vec::new();
    for ty in types {
        match ty {
            Type::List(element) | Type::Set(element) | Type::Map(element) => inner.push(element.as_ref().clone()),
            Type::Tuple(elements) => inner.extend(elements.iter().cloned()),
            Type::Object(object) => inner.extend(object.attributes.values().cloned()),
            Type::Any | Type::Bool | Type::Number | Type::String => {}
        }
    }
    inner
}

fn tuples(types: &[Type]) -> Option<Type> {
    let rows: Vec<&[Type]> =
        types.iter().filter_map(|ty| if let Type::Tuple(row) = ty { Some(&**row) } else { None }).collect();
    let length = rows.first()?.len();
    if rows.iter().any(|row| row.len() != length) {
        return unify(&inner_types(types)).map(Type::list);
    }
    let column = |i: usize| unify(&rows.iter().map(|row| row[i].clone()).collect::<Vec<_>>());
    Some(Type::Tuple((0..length).map(column).collect::<Option<_>>()?))
}

fn objects(types: &[Type]) -> Option<Type> {
    let rows: Vec<&BTreeMap<Arc<str>, Type>> = types
        .iter()
        .filter_map(|ty| if let Type::Object(object) = ty { Some(&object.attributes) } else { None })
        .collect();
    let first = *rows.first()?;
    if rows.iter().any(|row| !row.keys().eq(first.keys())) {
        return unify(&inner_types(types)).map(Type::map);
    }
    let column = |name: &Arc<str>| {
        let types: Vec<Type> = rows.iter().filter_map(|row| row.get(name).cloned()).collect();
        Some((Arc::clone(name), unify(&types)?))
    };
    Some(Type::object(first.keys().map(column).collect::<Option<Vec<_>>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(attributes: &[(&str, Type)]) -> Type {
        Type::object(attributes.iter().map(|(name, ty)| (Arc::from(*name), ty.clone())))
    }

    #[test]
    fn text_is_preferred_and_bool_and_number_do_not_mix() {
        // TYP-18
        assert_eq!(unify(&[Type::Number, Type::Bool, Type::String]), Some(Type::String));
        assert_eq!(unify(&[Type::Number, Type::Bool]), None);
        assert_eq!(unify(&[Type::Number, Type::Number]), Some(Type::Number));
        assert_eq!(unify(&[]), None);
    }

    #[test]
    fn tuples_and_objects_become_collections_when_shapes_differ() {
        // TYP-15, TYP-19
        let (one, two) = (Type::tuple([Type::Number]), Type::tuple([Type::Number, Type::String]));
        assert_eq!(unify(&[one.clone(), two]), Some(Type::list(Type::String)));
        assert_eq!(unify(&[one, Type::tuple([Type::String])]), Some(Type::tuple([Type::String])));
        let (a, b) = (object(&[("a", Type::Number)]), object(&[("b", Type::String)]));
        assert_eq!(unify(&[a.clone(), b]), Some(Type::map(Type::String)));
        assert_eq!(unify(&[a.clone(), Type::map(Type::Bool)]), None);
        assert_eq!(unify(&[a, Type::tuple([])]), None);
        assert_eq!(unify(&[Type::tuple([]), Type::list(Type::String)]), Some(Type::list(Type::String)));
    }

    #[test]
    fn any_goes_with_primitives_and_leaves_the_rest_open() {
        assert_eq!(unify(&[Type::Any, Type::Number]), Some(Type::Number));
        assert_eq!(unify(&[Type::Any, Type::list(Type::Number)]), Some(Type::Any));
    }

    #[test]
    fn a_plain_null_takes_the_type_of_the_others() {
        let values = [Value::null(Type::Any), Value::tuple([1.into()])];
        assert_eq!(unify_values(&values), Some(Type::tuple([Type::Number])));
        assert_eq!(unify_values(&values[..1]), Some(Type::Any));
    }

    #[test]
    fn lists_win_over_sets() {
        assert_eq!(unify(&[Type::set(Type::Number), Type::list(Type::String)]), Some(Type::list(Type::String)));
        assert_eq!(unify(&[Type::set(Type::Number), Type::set(Type::String)]), Some(Type::set(Type::String)));
    }
}
