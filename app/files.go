package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"agora/app/db"
	"agora/app/file"
)

// CheckFiles tries the store of files out.
func CheckFiles(ctx context.Context, cfg Config) error {
	store, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	return file.Check(ctx, store)
}

// openStore opens where files lie: the bucket of AGORA_S3_URL, or a folder in the
// data folder.
func openStore(ctx context.Context, cfg Config) (file.Store, error) {
	if cfg.S3URL != "" {
		bucket, err := file.NewS3(ctx, cfg.S3URL)
		if err != nil {
			return nil, fmt.Errorf("AGORA_S3_URL: %w", err)
		}
		return bucket, nil
	}
	disk, err := file.NewDisk(filepath.Join(cfg.Data, "files"))
	if err != nil {
		return nil, fmt.Errorf("the folder of files: %w", err)
	}
	return disk, nil
}

// openFiles makes the service of files and sees that the store is this site's.
func openFiles(ctx context.Context, d *db.DB, now func() time.Time, cfg Config) (*file.Service, error) {
	store, err := openStore(ctx, cfg)
	if err != nil {
		return nil, err
	}
	temp := filepath.Join(cfg.Data, "temp")
	if err := os.MkdirAll(temp, 0o700); err != nil {
		return nil, err
	}
	files := file.New(d, now, store, temp)
	files.ReadWith(cfg.ReadText...)
	if err := files.Claim(ctx); err != nil {
		if cfg.S3URL != "" {
			return nil, fmt.Errorf("AGORA_S3_URL: %w", err)
		}
		return nil, fmt.Errorf("the folder of files in %q: %w", cfg.Data, err)
	}
	return files, nil
}
