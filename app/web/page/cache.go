package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

const (
	// maxCacheBytes bounds the pages kept; beyond it all are dropped, and the
	// busy ones are back after one request each.
	maxCacheBytes = 64 << 20
	// worthCompressing is the size from which gzip pays.
	worthCompressing = 1 << 10
)

// kept is a page made once and sent many times: as it is, compressed, and with
// the mark by which a browser asks whether it has changed. A page that shows
// something of others has a policy of its own.
type kept struct {
	body, zipped       []byte
	etag, kind, policy string
}

// pageCache keeps public pages by a key that holds everything they depend on,
// so that nothing ever has to be taken out because it became wrong.
type pageCache struct {
	mu    sync.RWMutex
	pages map[string]*kept
	bytes int
	// making lets one request make a page while others wait for it.
	making map[string]*sync.WaitGroup
}

func newPageCache() *pageCache {
	return &pageCache{pages: map[string]*kept{}, making: map[string]*sync.WaitGroup{}}
}

// get returns the page of the key, made by at most one caller at a time.
func (c *pageCache) get(key string, make func() (*kept, error)) (*kept, error) {
	for {
		if k := c.peek(key); k != nil {
			return k, nil
		}
		c.mu.Lock()
		if wait := c.making[key]; wait != nil {
			c.mu.Unlock()
			wait.Wait()
			continue
		}
		mine := &sync.WaitGroup{}
		mine.Add(1)
		c.making[key] = mine
		c.mu.Unlock()
		return c.made(key, mine, make)
	}
}

// made makes the page and lets those who wait go on, whatever happened: a page
// that panics must not keep everybody else waiting for ever.
func (c *pageCache) made(key string, mine *sync.WaitGroup, make func() (*kept, error)) (*kept, error) {
	defer func() {
		c.mu.Lock()
		delete(c.making, key)
		c.mu.Unlock()
		mine.Done()
	}()
	return c.fill(key, make)
}

func (c *pageCache) peek(key string) *kept {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.pages[key]
}

func (c *pageCache) fill(key string, make func() (*kept, error)) (*kept, error) {
	k, err := make()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bytes > maxCacheBytes {
		clear(c.pages)
		c.bytes = 0
	}
	c.pages[key] = k
	c.bytes += len(k.body) + len(k.zipped)
	return k, nil
}

func newKept(body []byte, kind string) *kept {
	sum := sha256.Sum256(body)
	k := &kept{body: body, kind: kind, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
	if len(body) >= worthCompressing {
		var b bytes.Buffer
		w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a known one
		if _, err := w.Write(body); err == nil && w.Close() == nil {
			k.zipped = b.Bytes()
		}
	}
	return k
}

// sendKept answers from a kept page: 304 when the browser has it, compressed
// when the browser takes that.
func (v *Visit) sendKept(k *kept, cacheControl string) error {
	c := v.C
	if k.policy != "" {
		c.Set(policyHeader, k.policy)
	}
	c.Set(fiber.HeaderETag, k.etag)
	c.Set(fiber.HeaderCacheControl, cacheControl)
	c.Set(fiber.HeaderVary, "Accept-Encoding, Accept-Language, Cookie")
	if match := c.Get(fiber.HeaderIfNoneMatch); match != "" && strings.Contains(match, k.etag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, k.kind)
	if k.zipped != nil && strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		// The page is shared and never written to, so it may be sent as it lies.
		c.Response().SetBodyRaw(k.zipped)
		return nil
	}
	c.Response().SetBodyRaw(k.body)
	return nil
}

// SendMade answers from the cache, making what is asked for when it is not there
// yet. The key names everything it depends on.
func (v *Visit) SendMade(key, cacheControl string, make func() ([]byte, string, error)) error {
	return v.sendCached(key, cacheControl, func() (*kept, error) {
		body, kind, err := make()
		if err != nil {
			return nil, err
		}
		return newKept(body, kind), nil
	})
}

func (v *Visit) sendCached(key, cacheControl string, make func() (*kept, error)) error {
	k, err := v.Site.cache.get(key, make)
	if err != nil {
		return err
	}
	return v.sendKept(k, cacheControl)
}

// PublicPage renders a page that is the same for every stranger: from the cache
// for visitors without a cookie of their own, afresh for the others. The key
// names what it depends on beside address and language.
func (v *Visit) PublicPage(name, title, key string, p func() (any, error)) error {
	if v.SignedIn() || v.C.Cookies(flashCookie) != "" {
		data, err := p()
		if err != nil {
			return err
		}
		v.C.Set(fiber.HeaderCacheControl, "private, no-cache")
		return v.Render(name, title, data)
	}
	full := strings.Join([]string{name, string(v.Lang), v.C.Path() + "?" + v.asked().Encode(), v.Standing().ID, key}, "\x00")
	return v.sendCached(full, "no-cache", func() (*kept, error) {
		data, err := p()
		if err != nil {
			return nil, err
		}
		body, err := v.draw(name, title, data)
		if err != nil {
			return nil, err
		}
		k := newKept(body, fiber.MIMETextHTMLCharsetUTF8)
		k.policy = v.policy
		return k, nil
	})
}
