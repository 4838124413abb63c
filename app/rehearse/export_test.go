package rehearse

import (
	"context"
	"time"
)

// Patient lets people wait as long as a machine that is busy with other tests
// needs; what is right and wrong stays the same.
func (r *Rehearsal) Patient() {
	r.limits = limits{most: time.Minute, slowest: time.Minute, seen: time.Minute}
}

// Abandon rehearses and leaves everything, as a rehearsal does that is killed.
func (r *Rehearsal) Abandon(ctx context.Context, plan Plan) error {
	p, err := r.open(ctx, plan)
	if err != nil {
		return err
	}
	return r.perform(ctx, p, &Result{})
}
