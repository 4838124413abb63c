package realtime

import (
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// room is a room as this node knows it: its mirror, the frames made from it, and who watches.
type room struct {
	hub  *Hub
	name string

	ready chan struct{} // closed when the first load is over, well or not
	live  atomic.Pointer[live]
	crowd atomic.Pointer[[]byte] // newest presence frame
	// counts is the newest frame of counts; one that came before a viewer did is not for that viewer.
	counts atomic.Pointer[[]byte]

	mu      sync.Mutex
	m       mirror
	gen     uint64 // 0: not loaded; raised with each epoch
	failed  Code   // why the first load failed
	frames  [Views]shared
	viewers []*viewer
	views   [Views]int
	voters  map[string][]*viewer

	passing passing

	loading, again bool
	due            []*viewer // whose own state is to be read again
	mining         int       // how many do that

	opened bool // ready is closed; the one reading goroutine alone touches it
	retry  bool // the last reading failed; guarded by the hub

	// The hub's beat alone touches these.
	emptyFor  int
	crowdWait int
	shown     [Views]int // in the newest presence frame
	said      [Views]int // to other nodes
	elsewhere map[string]nodeCrowd
}

// live is the newest step, readable without a lock: patches from the version before to this one.
type live struct {
	gen       uint64
	prev, now int64
	patch     [Views][]byte
	made      [Views]bool // patch was made; it is nil when nothing changed for the view
}

// shared are frames of one view that were made for somebody and serve everybody in the same position. They are of
// the mirror's present version, except a snapshot, which may be a little older.
type shared struct {
	snapshot   []byte
	snapshotAt int64
	snapshotOn time.Time
	patches    map[int64][]byte // from version; nil when nothing changed for the view
	still      []byte
}

// follow gives the frame that brings a greeted viewer to the newest state, nil when it is there. v.mu is held.
func (r *room) follow(v *viewer) []byte {
	l := r.live.Load()
	if v.gen == l.gen {
		if v.at >= l.now {
			return nil
		}
		if v.at == l.prev && l.made[v.View] {
			v.at = l.now
			return l.patch[v.View]
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if v.gen != r.gen {
		b, at := r.snapshot(v.View)
		v.gen, v.at = r.gen, at
		return b
	}
	b, at := r.patch(v.View, v.at)
	v.at = at
	return b
}

// greet gives a viewer's first frame: one patch when what it has is of this epoch, else a snapshot; nil while the
// room is not loaded. v.mu is held.
func (r *room) greet(v *viewer) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gen == 0 {
		return nil
	}
	v.gen = r.gen
	if v.sinceEpoch != r.m.epoch || v.sinceVersion > r.m.version {
		b, at := r.snapshot(v.View)
		v.at = at
		return b
	}
	b, at := r.patch(v.View, v.sinceVersion)
	if b == nil {
		// Nothing is new, but the client waits for a first frame.
		b = r.still(v.View)
	}
	v.at = at
	return b
}

// snapshot is made at most once per version, and not more often than SnapshotLife while newcomers stream in.
func (r *room) snapshot(view View) ([]byte, int64) {
	f := &r.frames[view]
	if f.snapshot == nil || f.snapshotAt != r.m.version && r.hub.opt.Now().Sub(f.snapshotOn) > SnapshotLife {
		f.snapshot = r.m.snapshot(view, r.hub.opt.ItemsKey)
		f.snapshotAt, f.snapshotOn = r.m.version, r.hub.opt.Now()
		r.hub.snapshots.Add(1)
	}
	return f.snapshot, f.snapshotAt
}

// patch gives the frame from a version to the newest state and that state's version; nil when nothing changed for the
// view. Where too many different versions ask, a snapshot serves them all.
func (r *room) patch(view View, from int64) ([]byte, int64) {
	f := &r.frames[view]
	if b, ok := f.patches[from]; ok {
		return b, r.m.version
	}
	if len(f.patches) >= patchesKept {
		return r.snapshot(view)
	}
	b, some := r.m.patch(view, from, r.hub.opt.ItemsKey)
	r.hub.patches.Add(1)
	if !some {
		b = nil
	}
	if f.patches == nil {
		f.patches = make(map[int64][]byte)
	}
	f.patches[from] = b
	return b, r.m.version
}

// patchesKept bounds the memory that invented since-versions could take.
const patchesKept = 64

// still is the patch that says nothing but the version.
func (r *room) still(view View) []byte {
	f := &r.frames[view]
	if f.still == nil {
		f.still, _ = r.m.patch(view, r.m.version, r.hub.opt.ItemsKey)
	}
	return f.still
}

// take puts a load into the mirror and makes the step everybody will follow. It reports whether anything is new.
func (r *room) take(c Changes, whole bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	prev := r.m.version
	if whole {
		r.m.replace(c)
		r.gen++
		r.frames = [Views]shared{}
		r.live.Store(&live{gen: r.gen, prev: c.Version, now: c.Version})
		return true
	}
	a := r.m.apply(c)
	if !a.changed {
		return false
	}
	step := &live{gen: r.gen, prev: prev, now: r.m.version}
	for view := range View(Views) {
		r.frames[view].patches, r.frames[view].still = nil, nil
		if a.hid[view] {
			// Nobody new may see, not even for a moment, what was just hidden.
			r.frames[view].snapshot = nil
		}
		if r.views[view] > 0 {
			step.patch[view], _ = r.patch(view, prev)
			step.made[view] = true
		}
	}
	r.live.Store(step)
	return true
}

// fanOut wakes everybody. Waking does not wait, so a few goroutines suffice for any number of viewers.
func (r *room) fanOut() {
	r.mu.Lock()
	all := append([]*viewer(nil), r.viewers...)
	r.mu.Unlock()
	const block = 64
	var at atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), 1+len(all)/block) {
		wg.Go(func() {
			for {
				end := int(at.Add(block))
				if end-block >= len(all) {
					return
				}
				for _, v := range all[end-block : min(end, len(all))] {
					v.wake()
				}
			}
		})
	}
	wg.Wait()
}

// splitSince reads "{epoch}.{version}"; anything else is as if nothing were known.
func splitSince(since string) (string, int64) {
	i := strings.LastIndexByte(since, '.')
	if i <= 0 {
		return "", 0
	}
	version, err := strconv.ParseInt(since[i+1:], 10, 64)
	if err != nil || version < 0 {
		return "", 0
	}
	return since[:i], version
}
