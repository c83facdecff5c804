//! Name to kind, for every sort of component.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Builder, DataSource, Kind, PostProcessor, Provisioner};

/// The kinds of one sort, by name.
pub struct Kinds<C: ?Sized + 'static>(BTreeMap<String, Arc<dyn Kind<C>>>);

impl<C: ?Sized + 'static> Default for Kinds<C> {
    fn default() -> Self {
        Kinds(BTreeMap::new())
    }
}

impl<C: ?Sized + 'static> Clone for Kinds<C> {
    fn clone(&self) -> Self {
        Kinds(self.0.clone())
    }
}

impl<C: ?Sized + 'static> Kinds<C> {
    /// Makes the kinds of `builtins`.
    pub fn of<B>(builtins: &'static [&'static B]) -> Kinds<C>
    where
        &'static B: Kind<C>,
    {
        let mut kinds = Kinds::default();
        for builtin in builtins {
            kinds.add(builtin.name(), Arc::new(*builtin));
        }
        kinds
    }

    /// Adds `kind` under `name`; an earlier one of that name gives way.
    pub fn add(&mut self, name: impl Into<String>, kind: Arc<dyn Kind<C>>) {
        self.0.insert(name.into(), kind);
    }

    /// Takes the kind called `name` away.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Returns the kind called `name`.
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Kind<C>>> {
        self.0.get(name)
    }

    /// Returns all names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Iterates over names and kinds, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<dyn Kind<C>>)> {
        self.0.iter().map(|(name, kind)| (name.as_str(), kind))
    }
}

/// All components a template may use.
#[derive(Default, Clone)]
pub struct Registry {
    /// Builders by type.
    pub builders: Kinds<dyn Builder>,
    /// Provisioners by type.
    pub provisioners: Kinds<dyn Provisioner>,
    /// Post-processors by type.
    pub post_processors: Kinds<dyn PostProcessor>,
    /// Data sources by type.
    pub data_sources: Kinds<dyn DataSource>,
}
