package content

import (
	"errors"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What the process that reads words may use. It reads what strangers made; a
// file that keeps it busy for ever, or fills its memory, harms nobody else.
const (
	// MaxWords is the most that is kept of a file's words, in bytes.
	MaxWords      = 1 << 20
	childSeconds  = 10
	childMemory   = 512 << 20 // of the system, not only of what Go counts
	childHeap     = 256 << 20
	childHandles  = 64
	childFileSize = 0 // it writes to its pipe and nowhere else
)

// Child is the process that reads words: the file is its input, the words are its
// output. args is the kind alone. It gives the exit code.
func Child(args []string, in *os.File, out io.Writer) int {
	if len(args) != 1 || !Kind(args[0]).Words() {
		return 2
	}
	if err := confine(); err != nil {
		return 3
	}
	info, err := in.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 2
	}
	w := &wordWriter{out: out}
	err = Words(Kind(args[0]), in, info.Size(), w)
	if errFlush := w.flush(); errFlush != nil || err != nil && !errors.Is(err, errEnough) {
		return 1
	}
	return 0
}

// confine gives up what this process does not need.
func confine() error {
	debug.SetMemoryLimit(childHeap)
	for what, most := range map[int]uint64{
		syscall.RLIMIT_CPU: childSeconds, syscall.RLIMIT_DATA: childMemory, syscall.RLIMIT_FSIZE: childFileSize,
		syscall.RLIMIT_CORE: 0, syscall.RLIMIT_NOFILE: childHandles,
	} {
		var now syscall.Rlimit
		if err := syscall.Getrlimit(what, &now); err != nil {
			return err
		}
		most = min(most, now.Max) // what somebody has bounded further stays so
		if err := syscall.Setrlimit(what, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return nil
}

// errEnough ends the reading when as many words were read as are kept.
var errEnough = errors.New("enough words")

// wordWriter writes words line by line, so that what was read counts even when
// the process is ended: letters in one form, single blanks, and words that a
// line's end had cut in two put together. A line that is newPage ends a page.
type wordWriter struct {
	out     io.Writer
	line    strings.Builder
	written int
	cut     bool // the line before ended with a hyphen, which is held back
}

// newPage stands by itself between two pages, so that a search can tell on which
// one it found something.
const newPage = "\f"

// maxLine is the longest line that waits for its end.
const maxLine = 64 << 10

// Write takes some text.
func (w *wordWriter) Write(b []byte) (int, error) {
	for rest := string(b); rest != ""; {
		line, after, ends := strings.Cut(rest, "\n")
		w.line.WriteString(line)
		rest = after
		if ends || w.line.Len() > maxLine {
			if err := w.end(); err != nil {
				return 0, err
			}
		}
	}
	return len(b), nil
}

// ligatures are letters that are drawn in one.
var ligatures = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st", "\u00a0", " ")

// end writes the line that is full.
func (w *wordWriter) end() error {
	if w.line.String() == newPage {
		w.line.Reset()
		return w.turn()
	}
	line := norm.NFC.String(ligatures.Replace(strings.ToValidUTF8(w.line.String(), " ")))
	w.line.Reset()
	line = strings.Join(strings.FieldsFunc(line, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Co, r) || r == unicode.ReplacementChar
	}), " ")
	if before, soft := strings.CutSuffix(line, "\u00ad"); soft {
		line = before + "-"
	}
	if line = strings.ReplaceAll(line, "\u00ad", ""); line == "" {
		return nil
	}
	first := []rune(line)[0]
	joint := "\n"
	if w.cut {
		joint = "-\n"
		if unicode.IsLower(first) {
			joint = ""
		}
	}
	if w.written == 0 {
		joint = ""
	}
	before, hyphen := strings.CutSuffix(line, "-")
	if w.cut = hyphen && before != "" && unicode.IsLetter([]rune(before)[len([]rune(before))-1]); w.cut {
		line = before
	}
	return w.put(joint + line)
}

func (w *wordWriter) put(s string) error {
	if len(s) > MaxWords-w.written {
		s = strings.ToValidUTF8(s[:MaxWords-w.written], "")
	}
	n, err := io.WriteString(w.out, s)
	w.written += n
	if err == nil && w.written >= MaxWords-4 {
		err = errEnough
	}
	return err
}

// turn begins a page.
func (w *wordWriter) turn() error {
	if err := w.release(); err != nil {
		return err
	}
	return w.put("\n" + newPage)
}

// release writes the hyphen that was held back.
func (w *wordWriter) release() error {
	if !w.cut {
		return nil
	}
	w.cut = false
	return w.put("-")
}

func (w *wordWriter) flush() error {
	err := w.end()
	if err == nil {
		err = w.release()
	}
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}
