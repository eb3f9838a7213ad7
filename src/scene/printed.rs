//! The cells of the cluster's objects, printed anew only where an object changed.

use crate::api::{Kind, Kubernetes, Tree};
use crate::cluster::event::Event;
use crate::cluster::meta::Key;
use crate::cluster::record::Record;
use crate::cluster::store::Stored;
use crate::cluster::{Cluster, objects};
use crate::ordered::Map;
use crate::print::{Cell, Columns};
use serde_json::Value;
use std::any::Any;
use std::rc::Rc;

/// What stands below a kind's columns for one object.
#[derive(Clone, Debug)]
pub struct Row {
    columns: &'static Columns,
    cells: Vec<Cell>,
}

impl Row {
    /// The row of an object.
    pub fn of(object: &Value, kubernetes: Kubernetes) -> Self {
        let columns = Columns::of(object.text("apiVersion"), object.text("kind"));
        Self { columns, cells: columns.cells(object, kubernetes) }
    }

    /// The cell below a title at a moment, in milliseconds since 1970; empty if there is no such
    /// column.
    pub fn text(&self, title: &str, now: i64) -> String {
        let cell = self.columns.place(title).and_then(|place| self.cells.get(place));
        cell.map(|cell| cell.text(now)).unwrap_or_default()
    }

    /// The cells below titles, without those of the columns that kubectl has not.
    pub fn texts(&self, titles: &[&str], now: i64) -> Vec<String> {
        let known = titles.iter().filter(|title| self.columns.place(title).is_some());
        known.map(|title| self.text(title, now)).collect()
    }
}

/// Which object a row is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Object(Kind, Key),
    Event(usize),
}

#[derive(Clone, Debug)]
struct Kept {
    /// The object as it was printed. To hold it keeps its address from being given to another.
    object: Rc<dyn Any>,
    row: Rc<Row>,
    turn: u32,
}

/// The rows of earlier pictures: a picture prints what is not among them, for a thousand pods cannot
/// be written out in the time of a frame.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    kept: Map<Place, Kept>,
    turn: u32,
}

impl Printed {
    /// Begins a picture: what the one before did not show is forgotten.
    pub fn turn(&mut self) {
        let turn = self.turn;
        self.kept.retain(|_, kept| kept.turn == turn);
        self.turn = turn.wrapping_add(1);
    }

    /// The row of an object in the store.
    pub fn row<T: Stored>(&mut self, cluster: &Cluster, object: &Rc<T>) -> Rc<Row> {
        let place = Place::Object(T::KIND, object.meta().key.clone());
        let record = Rc::clone(object) as Rc<dyn Record>;
        self.find(place, Rc::clone(object) as Rc<dyn Any>, cluster, &|| {
            objects::whole(cluster, &*record)
        })
    }

    /// The row of an event by its number.
    pub fn event(&mut self, cluster: &Cluster, number: usize, event: &Rc<Event>) -> Rc<Row> {
        let object = Rc::clone(event) as Rc<dyn Any>;
        let make = || objects::event(cluster, number, event);
        self.find(Place::Event(number), object, cluster, &make)
    }

    #[inline(never)]
    fn find(
        &mut self,
        place: Place,
        object: Rc<dyn Any>,
        cluster: &Cluster,
        make: &dyn Fn() -> Rc<Value>,
    ) -> Rc<Row> {
        let turn = self.turn;
        if let Some(kept) = self.kept.get_mut(&place)
            && std::ptr::addr_eq(Rc::as_ptr(&kept.object), Rc::as_ptr(&object))
        {
            kept.turn = turn;
            return Rc::clone(&kept.row);
        }
        let row = Rc::new(Row::of(&make(), cluster.kubernetes()));
        self.kept.insert(place, Kept { object, row: Rc::clone(&row), turn });
        row
    }
}
