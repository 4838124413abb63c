package content

import (
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf16"
)

// Office files of before 2007 are small file systems of their own (Microsoft's
// "Compound File Binary Format"). What they are is told by the names in their
// directory; only that is read.

const (
	oleHeader  = 512
	oleEntry   = 128
	oleInHead  = 109 // places of the table's sectors that stand in the header
	oleSpecial = 0xfffffffa
	// maxSectors bounds every chain that is followed: a chain may lead in a circle.
	maxSectors = 4096
)

func isOLE(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}

// ole is such a file, as far as it is read.
type ole struct {
	r      io.ReaderAt
	size   int64
	sector int64
	tables []uint32 // where the parts of the table of chains are
}

func lookOLE(r io.ReaderAt, size int64) (Found, error) {
	names, err := oleNames(r, size)
	if err != nil {
		return Found{}, refused("file.refused.harmed")
	}
	switch {
	case names["EncryptedPackage"]:
		return Found{}, refused("file.refused.locked")
	case names["Macros"] || names["_VBA_PROJECT_CUR"] || names["VBA"]:
		return Found{}, refused("file.refused.macros")
	case names["PowerPoint Document"]:
		return Found{Kind: PPT}, nil
	case names["WordDocument"]:
		return Found{Kind: DOC}, nil
	case names["Workbook"] || names["Book"]:
		return Found{Kind: XLS}, nil
	}
	return Found{}, refused("file.refused.unknown")
}

// oleNames lists the names in the directory.
func oleNames(r io.ReaderAt, size int64) (map[string]bool, error) {
	head, err := readAt(r, 0, oleHeader)
	if err != nil {
		return nil, err
	}
	shift := binary.LittleEndian.Uint16(head[30:])
	if shift != 9 && shift != 12 {
		return nil, io.ErrUnexpectedEOF
	}
	o := &ole{r: r, size: size, sector: 1 << shift}
	if err := o.findTables(head); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	at := binary.LittleEndian.Uint32(head[48:])
	for n := 0; at < oleSpecial; n++ {
		if n == maxSectors {
			return nil, io.ErrNoProgress
		}
		b, err := o.read(at)
		if err != nil {
			return nil, err
		}
		for i := 0; i+oleEntry <= len(b); i += oleEntry {
			names[oleName(b[i:i+oleEntry])] = true
		}
		if at, err = o.next(at); err != nil {
			return nil, err
		}
	}
	return names, nil
}

func oleName(entry []byte) string {
	n := int(binary.LittleEndian.Uint16(entry[64:]))/2 - 1
	if n < 1 || n > 31 {
		return ""
	}
	units := make([]uint16, n)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(entry[2*i:])
	}
	return string(utf16.Decode(units))
}

// findTables collects where the table of chains lies: first in the header, then
// in a chain of its own.
func (o *ole) findTables(head []byte) error {
	for i := range oleInHead {
		if at := binary.LittleEndian.Uint32(head[76+4*i:]); at < oleSpecial {
			o.tables = append(o.tables, at)
		}
	}
	at := binary.LittleEndian.Uint32(head[68:])
	for n := 0; at < oleSpecial; n++ {
		if n == maxSectors {
			return io.ErrNoProgress
		}
		b, err := o.read(at)
		if err != nil {
			return err
		}
		last := len(b) - 4
		for i := 0; i < last; i += 4 {
			if at := binary.LittleEndian.Uint32(b[i:]); at < oleSpecial {
				o.tables = append(o.tables, at)
			}
		}
		at = binary.LittleEndian.Uint32(b[last:])
	}
	return nil
}

func (o *ole) read(at uint32) ([]byte, error) {
	return readAt(o.r, (int64(at)+1)*o.sector, o.sector)
}

// next follows a chain by one.
func (o *ole) next(at uint32) (uint32, error) {
	perSector := uint32(o.sector / 4) // #nosec G115 -- 128 or 1024
	table := at / perSector
	if int64(table) >= int64(len(o.tables)) {
		return 0, io.ErrUnexpectedEOF
	}
	b, err := readAt(o.r, (int64(o.tables[table])+1)*o.sector+4*int64(at%perSector), 4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b), nil
}
