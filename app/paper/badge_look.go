package paper

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Look goes through badges as printing does, without making a file: the report before the print.
func (p *Press) Look(ctx context.Context, d Design, badges []Badge, o BadgeOptions) (Report, error) {
	var report Report
	if err := d.Check(); err != nil {
		return report, err
	}
	o.Accent = accentOr(o.Accent)
	err := safely(func() error {
		b := p.begin(&sheet{press: p, w: d.Page.W * mm, h: d.Page.H * mm}, d, o, &report)
		for i, badge := range badges {
			if err := ctx.Err(); err != nil {
				return err
			}
			b.one(i, badge)
		}
		return nil
	})
	cells := d.Columns * d.Rows
	report.Pages = (len(badges) + cells - 1) / cells
	return report, err
}

// Show draws one badge as SVG, by the same code as the print.
func (p *Press) Show(d Design, badge Badge, o BadgeOptions) (svg string, report Report, err error) {
	if err := d.Check(); err != nil {
		return "", report, err
	}
	o.Accent = accentOr(o.Accent)
	d = d.Single()
	v := newView()
	err = safely(func() error {
		s := &sheet{press: p, view: v, w: d.Page.W * mm, h: d.Page.H * mm}
		p.begin(s, d, o, &report).one(0, badge)
		return nil
	})
	report.Pages = 1
	return v.svg(d.Page.W*mm, d.Page.H*mm), report, err
}

// Digest is of everything that stands on a badge: another one means that the person, not the design, has changed.
func (b Badge) Digest() string {
	raw, err := json.Marshal(b)
	if err != nil { // strings and maps of strings always can be written
		return ""
	}
	return digestOf(raw)
}

func digestOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12])
}
