package db

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// ValueJSON stores a structured value as the JSON of a TEXT column: the other
// half of ScanJSON, for a type's Value.
func ValueJSON(v any) (driver.Value, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// ScanJSON reads a TEXT column holding JSON, as either engine hands it over,
// for a type's Scan. into is empty before.
func ScanJSON(src, into any) error {
	switch v := src.(type) {
	case string:
		return json.Unmarshal([]byte(v), into)
	case []byte:
		return json.Unmarshal(v, into)
	}
	return fmt.Errorf("a JSON column: cannot read %T", src)
}

// List is a list in a TEXT column, as JSON. One that is nil is stored as an empty one.
type List[T any] []T

// Value stores the list.
func (l List[T]) Value() (driver.Value, error) {
	if l == nil {
		return "[]", nil
	}
	return ValueJSON([]T(l))
}

// Scan reads what Value stored.
func (l *List[T]) Scan(src any) error {
	*l = nil
	return ScanJSON(src, (*[]T)(l))
}
