ALTER TYPE "app"."mood" ADD VALUE 'c';
