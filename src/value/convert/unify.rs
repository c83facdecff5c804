//! The common type of several (TYP-15 … TYP-19).
//!
//! Only types are looked at; whether each value fits shows when it is converted.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{check, collection};
use crate::value::{Type, Value};

/// Returns the type that all of `types` convert to, if there is one.
///
/// Text is preferred among primitives, a list to tuples, both to a set. Tuples of one length stay tuples, others become a
/// list; objects with the same attributes stay objects, others become a map. An `Any` goes along with a primitive; next
/// to anything else the result is `Any`, for nobody knows yet what will come.
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
    if all(list) || all(set) || all(map) || all(tuple) || all(object) {
        let open = types.contains(&Type::Any);
        return match first_known(types)? {
            _ if open => Some(Type::Any),
            Type::Tuple(_) => tuples(types),
            Type::Object(_) => objects(types),
            Type::Map(_) => unify(&inner_types(types)).map(Type::map),
            like => unify(&inner_types(types)).map(|element| collection(like, element)),
        };
    }
    if some(map) && all(|ty| matches!(ty, Type::Map(_) | Type::Object(_))) {
        // Objects are often maps in disguise.
        return disguised(types, object, Type::map).or_else(|| preferred(types));
    }
    if some(list) && all(|ty| matches!(ty, Type::List(_) | Type::Tuple(_))) {
        return disguised(types, tuple, Type::list).or_else(|| preferred(types));
    }
    preferred(types)
}

fn first_known(types: &[Type]) -> Option<&Type> {
    types.iter().find(|ty| **ty != Type::Any)
}

/// Returns the common type of collections and structures, once the structures are taken for the collection that `wrap`
/// makes of their common element type.
fn disguised(types: &[Type], is_structure: fn(&Type) -> bool, wrap: fn(Type) -> Type) -> Option<Type> {
    let structures: Vec<Type> = types.iter().filter(|ty| is_structure(ty)).cloned().collect();
    let alike = wrap(unify(&inner_types(&structures))?);
    let types: Vec<Type> = types.iter().map(|ty| if is_structure(ty) { alike.clone() } else { ty.clone() }).collect();
    unify(&types).filter(|ty| std::mem::discriminant(ty) == std::mem::discriminant(&alike))
}

/// Returns that of `types` which all convert to, the most general one first.
fn preferred(types: &[Type]) -> Option<Type> {
    let most_general_first = by_generality(types);
    most_general_first.into_iter().find(|wanted| types.iter().all(|ty| check(ty, wanted).is_ok())).cloned()
}

/// Returns `types` in an order in which none stands behind one that is less general.
fn by_generality(types: &[Type]) -> Vec<&Type> {
    let more_general = |a: usize, b: usize| generality(&types[a], &types[b]) == Ordering::Less;
    let mut above: Vec<usize> =
        (0..types.len()).map(|b| (0..types.len()).filter(|a| more_general(*a, b)).count()).collect();
    let mut order: Vec<usize> = (0..types.len()).filter(|i| above[*i] == 0).collect();
    let mut next = 0;
    while let Some(&a) = order.get(next) {
        for (b, above) in above.iter_mut().enumerate().filter(|(b, _)| more_general(a, *b)) {
            *above -= 1;
            if *above == 0 {
                order.push(b);
            }
        }
        next += 1;
    }
    order.into_iter().map(|i| &types[i]).collect()
}

/// Compares what two types can hold; `Less` says that `a` is the more general one, `Equal` that neither is.
fn generality(a: &Type, b: &Type) -> Ordering {
    let ranked = |ty: &Type| match ty {
        Type::List(_) => 0,
        Type::Tuple(_) => 1,
        Type::Set(_) => 2,
        _ => 3,
    };
    match (a, b) {
        (Type::Any, Type::Any) => Ordering::Equal,
        (Type::Any, _) => Ordering::Greater,
        (_, Type::Any) => Ordering::Less,
        (Type::String, Type::Number | Type::Bool) | (Type::Map(_), Type::Object(_)) => Ordering::Less,
        (Type::Number | Type::Bool, Type::String) | (Type::Object(_), Type::Map(_)) => Ordering::Greater,
        (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) | (Type::Map(a), Type::Map(b)) => {
            generality(a, b)
        }
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => agreeing(a.iter().zip(b.iter())),
        (Type::Object(a), Type::Object(b)) if a.attributes.keys().eq(b.attributes.keys()) => {
            agreeing(a.attributes.values().zip(b.attributes.values()))
        }
        _ if ranked(a) < 3 && ranked(b) < 3 => ranked(a).cmp(&ranked(b)),
        _ => Ordering::Equal,
    }
}

/// Returns the order that all `pairs` have which have one.
fn agreeing<'t>(pairs: impl Iterator<Item = (&'t Type, &'t Type)>) -> Ordering {
    let orders: Vec<Ordering> = pairs.map(|(a, b)| generality(a, b)).filter(|order| order.is_ne()).collect();
    match orders.first() {
        Some(first) if orders.iter().all(|order| order == first) => *first,
        _ => Ordering::Equal,
    }
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
        assert_eq!(unify(&[a.clone(), Type::tuple([])]), None);
        assert_eq!(unify(&[Type::map(Type::Number), Type::map(Type::String)]), Some(Type::map(Type::String)));
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
    fn a_list_wins_over_a_set_and_a_set_takes_tuples_as_its_elements() {
        let set = Type::set(Type::Number);
        assert_eq!(unify(&[set.clone(), Type::list(Type::String)]), Some(Type::list(Type::String)));
        assert_eq!(unify(&[Type::tuple([Type::String]), set.clone()]), Some(set.clone()));
        assert_eq!(unify(&[set, Type::set(Type::String)]), Some(Type::set(Type::String)));
        assert_eq!(unify(&[Type::set(Type::Bool), Type::list(Type::Number)]), None);
    }
}
