//! One connection to a database, whichever it is: a statement with its values goes in, rows come out.
//!
//! Statements are SQL that SQLite and PostgreSQL both understand and mean the same by: `ON CONFLICT`, `RETURNING`, row
//! values, `WITH`. A value's place is `?1`, `?2`, …, and a question mark stands for nothing else. What one of the two
//! cannot say is said otherwise, or asked of the [`Driver`] by name; nothing here writes SQL.

use super::StorageError;
use std::cell::RefCell;

/// A value in a statement or in a row. Booleans are 0 and 1, times are milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// A text.
    Text(&'a str),
    /// Bytes, as a hash.
    Bytes(&'a [u8]),
}

/// What can be a value of a statement.
pub trait Bind {
    /// The value.
    fn bind(&self) -> Value<'_>;
}

impl<T: Bind + ?Sized> Bind for &T {
    fn bind(&self) -> Value<'_> {
        (**self).bind()
    }
}

impl<T: Bind> Bind for Option<T> {
    fn bind(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, Bind::bind)
    }
}

impl Bind for str {
    fn bind(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Bind for String {
    fn bind(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Bind for [u8] {
    fn bind(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl<const N: usize> Bind for [u8; N] {
    fn bind(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl Bind for i64 {
    fn bind(&self) -> Value<'_> {
        Value::Int(*self)
    }
}

impl Bind for u32 {
    fn bind(&self) -> Value<'_> {
        Value::Int((*self).into())
    }
}

impl Bind for u64 {
    fn bind(&self) -> Value<'_> {
        Value::Int(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

impl Bind for usize {
    fn bind(&self) -> Value<'_> {
        Value::Int(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

impl Bind for bool {
    fn bind(&self) -> Value<'_> {
        Value::Int((*self).into())
    }
}

/// The values of a statement, in the order of their places.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::storage::connection::Bind::bind(&$value)),*] };
}
pub(crate) use values;

/// A row, as its driver has it.
pub trait Cells {
    /// The value in a column.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] where there is none, or one of another kind than [`Value`] knows.
    fn cell(&self, at: usize) -> Result<Value<'_>, StorageError>;
}

/// A row of what a statement found.
pub struct Row<'a>(&'a dyn Cells);

impl Row<'_> {
    /// The value in a column, whatever it is.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] as [`Cells::cell`] says.
    pub fn value(&self, at: usize) -> Result<Value<'_>, StorageError> {
        self.0.cell(at)
    }

    /// What is in a column.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] if it is something else.
    pub fn get<T: Cell>(&self, at: usize) -> Result<T, StorageError> {
        let value = self.0.cell(at)?;
        T::read(value).ok_or_else(|| {
            let kind = match value {
                Value::Null => "nothing",
                Value::Int(_) => "a number that does not fit",
                Value::Text(_) => "a text",
                Value::Bytes(_) => "bytes",
            };
            StorageError::Corrupt(format!("column {at} of a row holds {kind}"))
        })
    }
}

/// What can be read from a column.
pub trait Cell: Sized {
    /// Reads it; none if the value is of another kind.
    fn read(value: Value<'_>) -> Option<Self>;
}

impl<T: Cell> Cell for Option<T> {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::read(value).map(Some),
        }
    }
}

impl Cell for String {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.to_owned()),
            _ => None,
        }
    }
}

impl Cell for Vec<u8> {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(bytes.to_owned()),
            _ => None,
        }
    }
}

impl Cell for [u8; 32] {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => bytes.try_into().ok(),
            _ => None,
        }
    }
}

impl Cell for bool {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Int(0) => Some(false),
            Value::Int(_) => Some(true),
            _ => None,
        }
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Cell for $number {
            fn read(value: Value<'_>) -> Option<Self> {
                match value {
                    Value::Int(number) => number.try_into().ok(),
                    _ => None,
                }
            }
        }
    )*};
}
numbers!(i64, u64, u32);

/// What is told of each row.
pub type Reader<'a> = dyn FnMut(&dyn Cells) -> Result<(), StorageError> + 'a;

/// How a database is spoken to.
pub trait Driver: Send {
    /// Runs a statement that changes rows; says how many.
    ///
    /// # Errors
    /// Those of the database.
    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<usize, StorageError>;
    /// Runs a statement that finds rows, to its end: what it changes is not checked before.
    ///
    /// # Errors
    /// Those of the database and of `read`.
    fn query(&mut self, sql: &str, values: &[Value<'_>], read: &mut Reader<'_>) -> Result<(), StorageError>;
    /// Runs statements without values.
    ///
    /// # Errors
    /// Those of the database.
    fn batch(&mut self, sql: &str) -> Result<(), StorageError>;
    /// Begins a transaction that writes: until it ends, no other does, on whichever server.
    ///
    /// # Errors
    /// Those of the database; [`StorageError::Unavailable`] if another takes too long.
    fn begin(&mut self) -> Result<(), StorageError>;
    /// Begins a transaction that reads: all its statements see the database as it was at one moment.
    ///
    /// # Errors
    /// Those of the database.
    fn begin_reading(&mut self) -> Result<(), StorageError>;
    /// Ends the transaction with these statements, the last of which is `COMMIT` or `ROLLBACK`.
    ///
    /// # Errors
    /// Those of the database.
    fn end(&mut self, sql: &str) -> Result<(), StorageError>;
    /// Whether the transaction that was begun still is: an error can end it.
    fn in_transaction(&self) -> bool;
}

/// A connection to a database.
pub struct Connection(RefCell<Box<dyn Driver>>);

impl Connection {
    /// Speaks through a driver.
    #[must_use]
    pub fn new(driver: impl Driver + 'static) -> Self {
        Self(RefCell::new(Box::new(driver)))
    }

    fn with<T>(
        &self,
        act: impl FnOnce(&mut dyn Driver) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        // Rows are read to their end before the next statement.
        let busy = |_| StorageError::Corrupt("a statement among the rows of another".to_owned());
        let mut driver = self.0.try_borrow_mut().map_err(busy)?;
        act(&mut **driver)
    }

    /// Runs a statement that changes rows; says how many.
    ///
    /// # Errors
    /// Those of the database.
    pub fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<usize, StorageError> {
        self.with(|driver| driver.execute(sql, values))
    }

    /// Runs statements without values.
    ///
    /// # Errors
    /// Those of the database.
    pub fn batch(&self, sql: &str) -> Result<(), StorageError> {
        self.with(|driver| driver.batch(sql))
    }

    /// Tells `read` of each row that a statement finds.
    ///
    /// # Errors
    /// Those of the database and of `read`.
    pub fn each(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<(), StorageError>,
    ) -> Result<(), StorageError> {
        self.with(|driver| driver.query(sql, values, &mut |cells| read(&Row(cells))))
    }

    /// All rows that a statement finds.
    ///
    /// # Errors
    /// Those of the database and of `read`.
    pub fn all<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
    ) -> Result<Vec<T>, StorageError> {
        let mut all = Vec::new();
        self.each(sql, values, |row| {
            all.push(read(row)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// The first row that a statement finds.
    ///
    /// # Errors
    /// Those of the database and of `read`.
    pub fn find<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, StorageError>,
    ) -> Result<Option<T>, StorageError> {
        let (mut read, mut found) = (Some(read), None);
        self.each(sql, values, |row| {
            if let Some(read) = read.take() {
                found = Some(read(row)?);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The row that a statement must find.
    ///
    /// # Errors
    /// Those of the database and of `read`; [`StorageError::Corrupt`] without a row.
    pub fn the<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        self.find(sql, values, read)?.ok_or_else(|| StorageError::Corrupt("a row is missing".to_owned()))
    }

    /// Begins a transaction that writes; see [`Driver::begin`].
    ///
    /// # Errors
    /// Those of the database.
    pub fn begin(&self) -> Result<(), StorageError> {
        self.with(|driver| driver.begin())
    }

    /// Ends the transaction that was begun; see [`Driver::end`].
    ///
    /// # Errors
    /// Those of the database.
    pub fn end(&self, sql: &str) -> Result<(), StorageError> {
        self.with(|driver| driver.end(sql))
    }

    /// Reads everything as it was at one moment.
    ///
    /// # Errors
    /// Those of the database and of `read`.
    pub fn at_one_moment<T>(
        &self,
        read: impl FnOnce(&Self) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        self.with(|driver| driver.begin_reading())?;
        let result = read(self);
        // Nothing was written: how it ends makes no difference, and what went wrong before is told.
        let ended = self.end("ROLLBACK");
        result.and_then(|value| ended.map(|()| value))
    }

    /// Whether the transaction that was begun still is.
    #[must_use]
    pub fn in_transaction(&self) -> bool {
        self.0.try_borrow().is_ok_and(|driver| driver.in_transaction())
    }
}

/// What `LIKE … ESCAPE '\'` finds where a text is contained.
#[must_use]
pub fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
